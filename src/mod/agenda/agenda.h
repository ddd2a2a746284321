/*
 * The room of the agenda: what its pages show.
 */
#ifndef MOD_AGENDA_AGENDA_H
#define MOD_AGENDA_AGENDA_H

#include "../../core/browse.h"
#include "event.h"

extern const struct module agenda_module;

struct event_page {
	struct object ob;
	struct str title, short_;
};

#endif
