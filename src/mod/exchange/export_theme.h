/*
 * Themes on their way out: for the API and the command.
 */
#ifndef EXCHANGE_EXPORT_THEME_H
#define EXCHANGE_EXPORT_THEME_H

#include "../../base/err.h"
#include "../../base/json.h"
#include "../../core/theme.h"

/* One theme, as the API gives it. */
void export_theme_json(struct json_out *j, const struct theme *t, struct str title);
/* All of them, as JSON of the API or as a table. */
MUST_USE enum err export_themes(struct mem *m, bool json, const char *lang, struct str *out);

#endif
