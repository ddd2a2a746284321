/*
 * One field of a form as form.html draws it: where it is, what it holds, what is wrong with it.
 */
#ifndef ENTITY_FORM_PART_H
#define ENTITY_FORM_PART_H

#include "../html/out.h"
#include "entity.h"
#include "tree.h"
#include "value.h"

struct part {
	const struct form *form;
	const struct field *field;
	struct str path;         /* "places.0.town": name and id */
	const struct json *v;    /* as typed, else as stored; of the kind JSON_IS_NONE when empty */
	struct str lang;         /* of a translation; NULL p for the original */
	struct str error;        /* in the person's language; NULL p if none */
};

/* The i-th field of a list as a part, under `path` ("" at the top) with its value in `holder`. */
struct part form_part(struct out *o, const struct form *f, const struct field *fields, size_t i, struct str path,
		      const struct json *holder);
/* What was typed, else the document. */
const struct json *form_holder(const struct form *f);
/* A text of a translation. */
struct part form_part_in(struct out *o, const struct form *f, const struct field *field, struct str lang);
/* Languages that the form offers translations in: those of the site but the original's, then others that have texts. */
struct form_langs {
	struct str v[16];
	size_t n;
};
struct form_langs form_langs(const struct form *f);
/* True if a translation has a text, or an error: its part is then open. */
bool form_lang_used(const struct form *f, struct str lang);
/* Fieldsets in order of first appearance; NULL label for fields without. */
struct form_sets {
	const char *v[32];
	size_t n;
};
struct form_sets form_sets(const struct form *f);
bool form_drawn(const struct form *f, const struct field *fd);

/* The value in a text input. */
struct str part_text(struct out *o, const struct part *p);
/* True if the value is, or holds, this word. */
bool part_has(const struct part *p, struct str word);
/* Rows to draw of a group: those there are and one more, two after "add a row". */
size_t part_rows(const struct part *p);
const struct json *part_row(const struct part *p, size_t i);
/* The ids that describe the input: "name-h name-e". */
struct str part_described(struct out *o, const struct part *p);
struct str part_day(const struct part *p, const char *day);
/* "Monday", in the visitor's language. */
struct str day_name(struct out *o, int day);
const char *part_input_mode(const struct part *p);
const char *part_input_type(const struct part *p);
bool part_is_picture(const struct part *p);
/* Where a kept file is: among what was sent, or a drawing that came with the program ("assets/…"). */
struct url part_file_url(struct out *o, const struct part *p);
/* The label of the field an error belongs to, with its row: "Places 2: Town". */
struct str error_label(struct out *o, const struct form *f, const struct field_error *e);
/* The name of a language in the visitor's. */
struct str lang_label(struct out *o, struct str code);
bool lang_is_rtl(struct str code);

#endif
