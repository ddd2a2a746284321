/*
 * Handlers of the agenda that stand in files of their own.
 */
#ifndef MOD_AGENDA_AGENDA_WEB_H
#define MOD_AGENDA_AGENDA_WEB_H

#include "../../web/req.h"

/* Pages of lists (agenda_list.c). */
enum err agenda_list(struct req *rq);
enum err agenda_embed(struct req *rq);

#endif
