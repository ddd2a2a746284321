/*
 * How an object looks in a list: the same row, card and place words in every room.
 */
#ifndef CORE_ROWS_H
#define CORE_ROWS_H

#include "object.h"

enum { ROWS_OLD_DAYS = 365 };

/* The icon of a row's kind (of the vocabulary of its field "kind", else the entity's). */
const char *row_icon(const struct list_row *r);
/* "Collective": the label of its kind in the visitor's language; "" when it has none. */
struct str row_kind(const struct req *rq, const struct list_row *r);
/* A row made of one object, as this visitor may see it, in the visitor's language where it is translated. */
void row_of_object(struct req *rq, const struct object *ob, struct list_row *out);
/* "français et arabe": an array of language codes in words; "" for anything else. */
struct str language_words(const struct req *rq, const struct json *codes);
/* A text of a record, in the visitor's language where it is translated; said_part() draws it and tells a fallback. */
struct said {
	struct str text, lang;
	bool fallback;
};
struct said said_of(const struct req *rq, const struct json *item, const char *field, struct str original_lang);
/* "Grenoble, Isère": its territory and what tells it from others; "" when it has none. */
struct str territory_words(const struct req *rq, struct str code);
/* The territory's page. */
struct url territory_link(const struct req *rq, struct str code);
/* "mars 2024": the month of an instant. */
struct str words_month(const struct req *rq, int64_t instant);
/* Nobody has confirmed it for a year. */
bool row_is_old(const struct req *rq, const struct list_row *r);

#endif
