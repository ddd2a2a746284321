/*
 * Sentences in the visitor's language. Catalogues are gettext .mo files in memory (embedded by the build), read in place
 * and never copied; a language is a pointer that travels on the request. Knows how to look up, to choose a plural and to
 * group digits; knows nothing of dates (base/time.h, ICU) nor of how a language is chosen (web/i18n.c). Immutable once
 * opened, so threads share it.
 *
 * Where sentences are written, and what xgettext looks for: {{ t }}, {{ tn }}, {{ tc }} in templates (they become T_, TN_,
 * TC_ calls), N_() for constants of tables, tr(), tr_n(), tr_c() and web's T(rq, …) in C.
 */
#ifndef HTML_I18N_H
#define HTML_I18N_H

#include "../base/err.h"
#include "../base/mem.h"
#include "../base/str.h"

struct i18n;

/* A language over the bytes of its .mo file, borrowed for ever; `mo` empty gives the source language. E_INVALID for bytes
 * that are no catalogue or a plural formula that is not understood. `code` is "fr", "en", "ar"… */
MUST_USE enum err i18n_open(struct mem *m, const char *code, struct str mo, const struct i18n **out);

/* "fr", "ar"; "en" for a NULL language. */
const char *i18n_code(const struct i18n *lang);
/* True for languages written from right to left. */
bool i18n_rtl(const struct i18n *lang);

/* The sentence in the language, `msgid` itself where there is none; `ctx` (may be NULL) tells apart words that English
 * writes alike. A NULL language is English. The result lives as long as the catalogue or the arguments. */
const char *i18n_get(const struct i18n *lang, const char *ctx, const char *msgid);
/* The form that fits `n`. */
const char *i18n_plural(const struct i18n *lang, const char *ctx, const char *one, const char *many, int64_t n);

/* The same as a str, for expressions: tr(o->lang, "Name"). */
struct str tr(const struct i18n *lang, const char *msgid);
struct str tr_n(const struct i18n *lang, const char *one, const char *many, int64_t n);
struct str tr_c(const struct i18n *lang, const char *ctx, const char *msgid);

/* An integer with its digits grouped as the language does ("12 345" in French with a narrow no-break space, "12,345");
 * into `to`, which holds 48 bytes; returns the length. For counts, not for years or identifiers. */
size_t i18n_int(const struct i18n *lang, int64_t v, char to[48]);

#endif
