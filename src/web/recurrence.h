/*
 * How often something comes, in words of the visitor's language: "chaque mardi jusqu'au 3 mars 2027".
 */
#ifndef WEB_RECURRENCE_H
#define WEB_RECURRENCE_H

#include "../cal/cal.h"
#include "req.h"

/* The words of a rule (struct cal_series.rrule) for a series that starts at `start`; empty for no rule. A rule that has no
 * short words is "on several dates", with its end. Begins with a small letter where the language has them. */
struct str words_recurrence(const struct req *rq, struct str rrule, struct cal_moment start, const struct cal_zone *z);

#endif
