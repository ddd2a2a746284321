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
/* A text of a record's translation, and the original beside it; a text of the document when `group` is NULL. */
struct told {
	struct part part;
	const struct json *original;
	struct str label;        /* "Pictures 2, What one sees on it" */
	bool shown;              /* there is something to translate */
};
struct told form_told(struct out *o, const struct form *f, const struct field *field);
struct told form_told_item(struct out *o, const struct form *f, const struct field *group, size_t row, const struct field *sub);
/* Records of a group in the document. */
size_t form_items(const struct form *f, const struct field *group);
/* Whether any text can be translated. */
bool form_has_texts(const struct form *f);

/* Fieldsets of what is not essential, in order of first appearance; NULL label for fields without. */
struct form_sets {
	const char *v[32];
	size_t n;
};
struct form_sets form_sets(const struct form *f);
/* True for a field that is asked for first. */
bool form_first(const struct field *fd);
/* True for a field of that set, drawn in this form. */
bool form_in_set(const struct form *f, const struct field *fd, const char *set);
/* True if something in the set was filled in, is wrong or was asked for: it is then open. */
bool form_set_open(const struct form *f, const char *set);
/* What is asked for in it, in words. */
struct str form_set_words(struct out *o, const struct form *f, const char *set);
bool form_drawn(const struct form *f, const struct field *fd);
/* True if a record's folded fields have something to show. */
bool part_rare_open(struct out *o, const struct part *p, size_t row);
bool part_has_rare(const struct part *p);
/* True for the row that was just asked for. */
bool part_row_is_new(const struct part *p, size_t row);
/* Optional, and not folded away with others that are. */
bool part_says_optional(const struct part *p);
/* What no choice means, as shown in the list; NULL when it must be chosen. `*slug` is what it is sent as. */
const char *part_preset(const struct part *p, struct str *slug);

/* The themes under the i-th one of the tree, how many; true if one of them is chosen. */
size_t theme_below(size_t i);
bool theme_below_has(const struct part *p, size_t i);
bool theme_row(struct out *o, size_t i, struct str *slug, struct str *name, int *depth);

/* The value in a text input. */
struct str part_text(struct out *o, const struct part *p);
/* True if the value is, or holds, this word. */
bool part_has(const struct part *p, struct str word);
/* Rows to draw of a group: those there are, one more when it was asked for; an essential group begins with one. */
size_t part_rows(const struct part *p);
const struct json *part_row(const struct part *p, size_t i);
/* The ids that describe the input: "name-h name-e". */
struct str part_described(struct out *o, const struct part *p);
struct str part_day(const struct part *p, const char *day);
/* "Monday", in the visitor's language. */
struct str day_name(struct out *o, int day);
const char *part_input_mode(const struct part *p);
const char *part_input_type(const struct part *p);
/* The direction of what the input holds: "ltr" of numbers and addresses, "auto" of words; NULL for an empty one, which takes the page's. */
const char *part_dir(const struct part *p);
bool part_is_picture(const struct part *p);
/* Where a kept file is: among what was sent, or a drawing that came with the program ("assets/…"). */
struct url part_file_url(struct out *o, const struct part *p);
/* The label of the field an error belongs to, with its row: "Places 2: Town"; "" when it is none of the table's. */
struct str error_label(struct out *o, const struct form *f, const struct field_error *e);
/* The name of a language in the visitor's. */
struct str lang_label(struct out *o, struct str code);
bool lang_is_rtl(struct str code);

#endif
