/*
 * Handlers of the agenda that stand in files of their own.
 */
#ifndef MOD_AGENDA_AGENDA_WEB_H
#define MOD_AGENDA_AGENDA_WEB_H

#include "../../web/req.h"

/* Pages of lists (agenda_list.c). */
enum err agenda_list(struct req *rq);
enum err agenda_embed(struct req *rq);

/* What the link of an invitation opens, and its answer (event_invite.c). */
enum err hosting_show(struct req *rq);
enum err hosting_post(struct req *rq);
/* An answer by those who keep the actor's page, signed in. */
enum err hosts_post(struct req *rq);

#endif
