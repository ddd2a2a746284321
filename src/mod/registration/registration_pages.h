/*
 * What the pages of registration show.
 */
#ifndef MOD_REGISTRATION_PAGES_H
#define MOD_REGISTRATION_PAGES_H

#include "registration.h"

enum { REG_NAME_MAX = 120 };

/* The page behind one's signed address. */
struct reg_mine {
	struct registration r;
	struct reg_setup setup;
	struct reg_slot slot;
	struct object event;
	struct url act, join, page; /* page: of the event, when everybody may see it */
	const char *state, *refusal;
	bool joinable, over, name_wrong, places_wrong;
	struct str typed_name, secret;
};

/* The words of a state (N_()), as the person reads them. */
const char *reg_state_words(enum reg_state state);

#endif
