/*
 * Settings: the table, reading and checking. What a snapshot is made of is in setting_site.c.
 */
#include "setting.h"

#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "../base/limits.h"
#include "../base/url.h"
#include "../base/utf8.h"
#include "../entity/tree.h"
#include "../entity/value.h"
#include "atlas.h"
#include "change.h"
#include "object.sql.h"

#define PART_SITE N_("The site")
#define PART_LOOK N_("Look")
#define PART_PAGES N_("Home page, menu and pages")
#define PART_MAP N_("Map")
#define PART_SAFETY N_("Safety")

const struct setting settings[] = {
	{"name", SET_TEXTS, N_("Name of the site"), NULL, "{\"fr\":\"Maillage\"}", PART_SITE},
	{"tagline", SET_TEXTS, N_("In one sentence"), NULL, "{}", PART_SITE},
	{"contact_mail", SET_MAIL, N_("Contact mail"), N_("Shown on the legal pages; questions of visitors go there."), "\"\"", PART_SITE},
	{"langs", SET_LANGS, N_("Languages offered"), N_("The first is the default."), "[\"fr\",\"en\",\"es\",\"pt\",\"ar\"]", PART_SITE},
	{"time_zone", SET_ZONE, N_("Time zone"), N_("Like Europe/Paris."), "\"Europe/Paris\"", PART_SITE},
	{"country", SET_COUNTRY, N_("Country whose places come first"), N_("Two letters, like FR."), "\"FR\"", PART_SITE},
	{"logo", SET_FILE, N_("Logo"), NULL, "\"\"", PART_LOOK},
	{"accent", SET_COLOUR, N_("Main colour"), N_("Links and buttons. Leave empty for the design's own."), "\"\"", PART_LOOK},
	{"accent2", SET_COLOUR, N_("Second colour"), N_("Marks and figures."), "\"\"", PART_LOOK},
	{"paper", SET_COLOUR, N_("Colour of the paper"), N_("A light one."), "\"\"", PART_LOOK},
	{"ink", SET_COLOUR, N_("Colour of the text"), N_("A dark one."), "\"\"", PART_LOOK},
	{"menu", SET_MENU, N_("Main menu"), N_("Empty: the built-in menu."), "[]", PART_PAGES},
	{"home", SET_BLOCKS, N_("Blocks of the home page"), NULL, "[]", PART_PAGES},
	{"pages", SET_BLOCKS, N_("Pages: about, legal notice, privacy, charter…"), NULL, "[]", PART_PAGES},
	{"tiles", SET_TILES, N_("Background map"), N_("Empty: the built-in map, which asks nobody. Else the address of a tile server, or a "
						      ".pmtiles file of the data folder."), "\"\"", PART_MAP},
	{"tiles_credit", SET_LINE, N_("Credit of the background map"), NULL, "\"\"", PART_MAP},
	{"raid", SET_BOOL, N_("Raid mode"), N_("Everything new is held, nobody can sign up."), "false", PART_SAFETY},
	{"proposals_open", SET_BOOL, N_("People without account may propose"), NULL, "true", PART_SAFETY},
	{"demo", SET_BOOL, N_("Marked as a demonstration"), NULL, "false", PART_SAFETY},
};
const size_t settings_n = COUNT(settings);

static const struct setting vocabulary_setting = {"vocabulary", SET_CHOICES, N_("Choices"), NULL, "[]", PART_SITE};

const struct setting *setting_find(struct str name)
{
	for (size_t i = 0; i < settings_n; i++) {
		if (str_eq(name, str_of(settings[i].name))) {
			return &settings[i];
		}
	}
	return str_starts(name, S("vocabulary.")) ? &vocabulary_setting : NULL;
}

enum err setting_get(struct db *db, struct mem *m, struct str name, struct json *out)
{
	const struct setting *s = setting_find(name);
	struct setting_value_row row;

	if (!s) {
		return E_NOTFOUND;
	}
	enum err err = setting_value(db, name, m, &row);
	if (err != OK && err != E_NOTFOUND) {
		return err;
	}
	return json_parse(m, err == OK ? row.value : str_of(s->fallback), out, NULL);
}

/* ---- checks ---------------------------------------------------------------------------------------------------------- */

struct check {
	struct mem *mem;
	const char *why;
};

static bool no(struct check *c, const char *why)
{
	c->why = why;
	return false;
}

static bool line_ok(struct check *c, const struct json *v, size_t max)
{
	struct str clean;

	if (v->kind != JSON_IS_STRING || utf8_clean_line(c->mem, v->text, &clean) != OK || !str_eq(clean, v->text)) {
		return no(c, N_("One line of text is expected here."));
	}
	return utf8_len(v->text) <= max || no(c, N_("This is too long."));
}

static bool texts_ok(struct check *c, const struct json *v, size_t max, bool lines)
{
	struct str clean;

	if (v->kind != JSON_IS_OBJECT) {
		return no(c, N_("Texts by language are expected here."));
	}
	for (size_t i = 0; i < v->n; i++) {
		if (site_lang_index(v->keys[i]) < 0 || v->items[i].kind != JSON_IS_STRING) {
			return no(c, N_("Texts by language are expected here."));
		}
		if (utf8_clean(c->mem, v->items[i].text, &clean) != OK || !str_eq(clean, v->items[i].text)) {
			return no(c, N_("This text is damaged: please type it again."));
		}
		if (utf8_len(clean) > max || (!lines && str_chr(clean, '\n') >= 0)) {
			return no(c, N_("This is too long."));
		}
	}
	return true;
}

static bool colour_ok(struct check *c, struct str s)
{
	bool ok = s.n == 7 && s.p[0] == '#';

	for (size_t i = 1; ok && i < 7; i++) {
		ok = (s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f');
	}
	return ok || s.n == 0 || no(c, N_("A colour is written #1b5575."));
}

static bool langs_ok(struct check *c, const struct json *v)
{
	bool ok = v->kind == JSON_IS_ARRAY && v->n > 0 && v->n <= SITE_LANGS;

	for (size_t i = 0; ok && i < v->n; i++) {
		ok = site_lang_index(json_str(&v->items[i])) >= 0;
		for (size_t k = 0; ok && k < i; k++) {
			ok = !str_eq(v->items[i].text, v->items[k].text);
		}
	}
	return ok || no(c, N_("Choose at least one language, each once."));
}

static bool zone_ok(struct check *c, struct str s)
{
	UChar wide[80], canonical[80];
	UBool system = 0;
	int32_t n = 0;
	UErrorCode err = U_ZERO_ERROR;

	if (s.n > 0 && s.n < 60) {
		u_strFromUTF8(wide, COUNT(wide), &n, s.p, (int32_t)s.n, &err);
		ucal_getCanonicalTimeZoneID(wide, n, canonical, COUNT(canonical), &system, &err);
	}
	return (U_SUCCESS(err) && system) || no(c, N_("This time zone is not known: write it like Europe/Paris."));
}

static bool country_ok(struct check *c, struct str s)
{
	struct territory t;

	return (s.n == 2 && atlas_get(atlas_find(s), &t) && t.level == ATLAS_COUNTRY) ||
	       no(c, N_("A country is written with two letters, like FR."));
}

static bool mail_ok(struct check *c, const struct json *v)
{
	static const struct field f = {.name = "mail", .type = F_MAIL, .max = 254};
	struct reading r = {.mem = c->mem};
	struct json out;

	return v->kind == JSON_IS_STRING && (v->text.n == 0 || value_read(&r, &f, v, &out) == OK)
		       ? true
		       : no(c, N_("This is not a mail address: it looks like name@example.org"));
}

static bool tiles_ok(struct check *c, struct str s)
{
	struct url u;
	bool file = file_name_ok(s) && str_chr(s, '/') < 0 && (str_ends(s, S(".pmtiles")) || str_ends(s, S(".mbtiles")));

	return s.n == 0 || file || (str_starts(s, S("https://")) && url_parse(c->mem, s, &u) == OK) ||
	       no(c, N_("Write an address that begins with https://, or the name of a .pmtiles file of the data folder."));
}

static bool target_ok(struct mem *m, struct str s)
{
	struct url u;

	return s.n && s.p[0] == '/' ? url_local(m, s, &u) == OK
				    : str_starts(s, S("https://")) && url_parse(m, s, &u) == OK;
}

static bool menu_ok(struct check *c, const struct json *v)
{
	if (v->kind != JSON_IS_ARRAY || v->n > 12) {
		return no(c, N_("A menu has at most twelve entries."));
	}
	for (size_t i = 0; i < v->n; i++) {
		if (!texts_ok(c, json_get(&v->items[i], "words"), 60, false)) {
			return false;
		}
		if (!target_ok(c->mem, json_str(json_get(&v->items[i], "target")))) {
			return no(c, N_("A menu leads to a page of this site, like /directory, or to an address that begins with https://"));
		}
	}
	return true;
}

static bool slug_ok(struct str s)
{
	bool ok = s.n > 0 && s.n <= LIMIT_SLUG;

	for (size_t i = 0; ok && i < s.n; i++) {
		char ch = s.p[i];
		ok = (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '-' || ch == '_';
	}
	return ok;
}

static bool blocks_ok(struct check *c, const struct json *v)
{
	if (v->kind != JSON_IS_ARRAY || v->n > 40) {
		return no(c, N_("These are too many blocks: at most forty fit here."));
	}
	for (size_t i = 0; i < v->n; i++) {
		const struct json *b = &v->items[i];
		if (!slug_ok(json_str(json_get(b, "slug")))) {
			return no(c, N_("The short name of a page is written in small letters, digits and hyphens."));
		}
		for (size_t k = 0; k < i; k++) {
			if (str_eq(json_str(json_get(b, "slug")), json_str(json_get(&v->items[k], "slug")))) {
				return no(c, N_("Two pages have the same short name."));
			}
		}
		if (!texts_ok(c, json_get(b, "title"), 200, false) || !texts_ok(c, json_get(b, "body"), 50000, true)) {
			return false;
		}
	}
	return true;
}

static bool choices_ok(struct check *c, const struct json *v)
{
	if (v->kind != JSON_IS_ARRAY || v->n > 100) {
		return no(c, N_("These are too many choices: at most a hundred fit here."));
	}
	for (size_t i = 0; i < v->n; i++) {
		const struct json *b = &v->items[i], *aliases = json_get(b, "aliases"), *icon = json_get(b, "icon");
		if (!slug_ok(json_str(json_get(b, "slug")))) {
			return no(c, N_("The short name of a choice is written in small letters, digits and hyphens."));
		}
		if (!line_ok(c, json_get(b, "label"), 100) || json_str(json_get(b, "label")).n == 0 ||
		    (!json_null(aliases) && !line_ok(c, aliases, 500)) || (!json_null(icon) && !slug_ok(json_str(icon)) && icon->text.n)) {
			return no(c, N_("A choice needs a name of one line."));
		}
	}
	return true;
}

static bool value_ok(struct check *c, const struct setting *s, const struct json *v)
{
	bool text = v->kind == JSON_IS_STRING;

	switch (s->type) {
	case SET_LINE:
		return line_ok(c, v, 300);
	case SET_TEXTS:
		return texts_ok(c, v, 300, false);
	case SET_BOOL:
		return v->kind == JSON_IS_TRUE || v->kind == JSON_IS_FALSE || no(c, N_("Answer yes or no."));
	case SET_COLOUR:
		return text && colour_ok(c, v->text);
	case SET_LANGS:
		return langs_ok(c, v);
	case SET_ZONE:
		return text && zone_ok(c, v->text);
	case SET_COUNTRY:
		return text && country_ok(c, v->text);
	case SET_MAIL:
		return mail_ok(c, v);
	case SET_FILE:
		return text && (v->text.n == 0 || file_name_ok(v->text) || no(c, N_("This file is not known here: choose it again.")));
	case SET_TILES:
		return text && tiles_ok(c, v->text);
	case SET_MENU:
		return menu_ok(c, v);
	case SET_BLOCKS:
		return blocks_ok(c, v);
	case SET_CHOICES:
		return choices_ok(c, v);
	}
	return false;
}

enum err setting_check(struct mem *m, struct str name, const struct json *value, const char **why)
{
	const struct setting *s = setting_find(name);
	struct check c = {.mem = m};

	*why = NULL;
	if (!s) {
		return E_NOTFOUND;
	}
	if (!value_ok(&c, s, value)) {
		*why = c.why ? c.why : N_("This cannot be used here.");
		return E_INVALID;
	}
	return OK;
}

enum err setting_put(struct db *db, struct mem *m, struct str name, const struct json *value, int64_t account, int64_t now,
		     const char **why)
{
	TRY(setting_check(m, name, value, why));
	TRY(setting_value_put(db, name, tree_text(m, value), now, account));
	return change_site(db);
}
