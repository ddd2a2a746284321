/*
 * What the page of the backward plan shows; its job.
 */
#ifndef MOD_PROGRAMME_PLAN_H
#define MOD_PROGRAMME_PLAN_H

#include "../../html/out.h"
#include "../../job/job.h"
#include "programme.h"

struct plan_step {
	int64_t id, days;
	struct str title, notes, owner, mail_to, date;
	bool done, late, soon;
};

struct plan_contact {
	int64_t at;
	struct str who, channel, what, next;
};

struct plan_page {
	struct object ob;
	struct url act, page;
	struct cal_moment day;     /* the first day, CAL_NONE while it is not known */
	struct plan_step *steps;
	size_t n_steps;
	struct plan_contact *contacts;
	size_t n_contacts;
	int64_t done, late;
	struct html picture;
	struct str title, notes, owner, days, mail; /* as typed */
	const char *error;
};

/* Each day: whoever has a step is told a week before and on the day. */
enum err programme_job_plan(const struct job_ctx *ctx, const struct job *job);

#endif
