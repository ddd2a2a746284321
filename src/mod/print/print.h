/*
 * The agenda on paper: lists, booklets, folded sheets, day sheets, posters and text to paste, for any filter and in each language.
 */
#ifndef MOD_PRINT_H
#define MOD_PRINT_H

#include "../agenda/agenda.h"

extern const struct module print_module;

enum { PRINT_EVENTS_MAX = 2000, PRINT_DAYS = 92, PRINT_PDF_MAX = 24 * 1024 * 1024, PRINT_TEXT_MAX = 4 * 1024 * 1024 };

struct print_choice {
	const char *label, *hint;
	struct url url;
};

/* The page where one chooses what to print. */
struct print_page {
	struct print_choice *choices;
	size_t n_choices;
	struct str dates;
};

/* One occurrence as it is printed. */
struct print_event {
	struct when_row w;
	struct str title, text, hours, day, where, hosts, notes, state;
};

#endif
