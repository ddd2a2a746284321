/*
 * Opening hours, as people write them ("lundi 9h-12h, 14h-18h", "Mo-Fr 09:00-12:00", a cell a day), to one text a day.
 */
#include "value_hours.h"

#include "../base/fold.h"
#include "../base/limits.h"
#include "../base/utf8.h"
#include "../html/i18n.h"

/* "9h", "9:00", "09h30", "930" at the start of *s -> "09:30"; false if no time stands there. */
static bool take_time(struct str *s, char out[6])
{
	int h = 0, min = 0;
	size_t i = 0, n = 0;

	for (; i < s->n && n < 2 && s->p[i] >= '0' && s->p[i] <= '9'; i++, n++) {
		h = h * 10 + (s->p[i] - '0');
	}
	if (n == 0) {
		return false;
	}
	if (i < s->n && (s->p[i] == ':' || s->p[i] == 'h' || s->p[i] == 'H' || s->p[i] == '.')) {
		i++;
		for (n = 0; i < s->n && n < 2 && s->p[i] >= '0' && s->p[i] <= '9'; i++, n++) {
			min = min * 10 + (s->p[i] - '0');
		}
	}
	if (h > 24 || min > 59 || (h == 24 && min > 0)) {
		return false;
	}
	snprintf(out, 6, "%02u:%02u", (unsigned)h % 25U, (unsigned)min % 60U);
	*s = str_trim(str_sub(*s, i, s->n));
	return true;
}

/* "9h-12h, 14:00-18:00" -> "09:00-12:00,14:00-18:00"; false if it is something else. */
static bool hour_ranges(struct mem *m, struct str s, struct str *out)
{
	struct buf b = buf_make(m, 200);
	char from[6], to[6];

	s = str_trim(s);
	while (s.n > 0) {
		if (!take_time(&s, from) || s.n == 0) {
			return false;
		}
		size_t dash = s.p[0] == '-' ? 1 : str_starts(s, S("–")) ? 3 : str_starts(s, S("à")) ? 2 : 0;
		s = str_trim(str_sub(s, dash, s.n));
		if (!dash || !take_time(&s, to) || strcmp(from, to) >= 0) {
			return false;
		}
		buf_fmt(&b, "%s%s-%s", b.n ? "," : "", from, to);
		size_t sep = s.n == 0 ? 0 : s.p[0] == ',' || s.p[0] == '/' ? 1 : str_starts(s, S("et ")) ? 3 : 0;
		if (s.n && !sep) {
			return false;
		}
		s = str_trim(str_sub(s, sep, s.n));
	}
	*out = buf_str(&b);
	return b.n > 0 && buf_ok(&b);
}

static int day_of(struct str s)
{
	for (int i = 0; i < 7; i++) {
		if (str_ieq(s, str_of(week_days[i]))) {
			return i;
		}
	}
	return -1;
}

static void set_days(struct reading *r, int from, int to, struct str ranges, struct json *out)
{
	for (int i = from;; i = (i + 1) % 7) {
		tree_set(r->mem, out, str_of(week_days[i]), tree_str(ranges));
		if (i == to) {
			break;
		}
	}
}

/* One rule of the OpenStreetMap syntax: "Mo-Fr 09:00-12:00", "Sa,Su off". */
static bool hours_rule(struct reading *r, struct str rule, struct json *out)
{
	ptrdiff_t space = str_chr(rule, ' ');
	struct str days = str_sub(rule, 0, space > 0 ? (size_t)space : rule.n);
	struct str rest = space > 0 ? str_trim(str_sub(rule, (size_t)space, rule.n)) : STR_NONE, ranges;

	if (str_ends(days, S(":"))) {
		days.n--;
	}
	bool off = str_eq(rest, S("off")) || str_eq(rest, S("closed"));
	if (!off && !hour_ranges(r->mem, rest, &ranges)) {
		return false;
	}
	while (days.p) {
		struct str part = str_cut(&days, ',');
		struct str a = str_cut(&part, '-');
		int from = day_of(a), to = part.p ? day_of(part) : from;
		if (from < 0 || to < 0) {
			return false;
		}
		if (!off) {
			set_days(r, from, to, ranges, out);
		}
	}
	return true;
}

static enum err hours_note(struct reading *r, struct str text, struct json *out)
{
	struct str s;

	if (utf8_clean_line(r->mem, text, &s) != OK || utf8_len(s) > 300) {
		return value_wrong(r, N_("These opening hours are too long: write at most 300 characters."));
	}
	*out = tree_object();
	if (s.n) {
		tree_put(r->mem, out, S("note"), tree_str(s));
	}
	return OK;
}

enum err hours_text(struct reading *r, const struct field *f, struct str text, struct json *out)
{
	struct str rest = str_trim(text);

	if (rest.n && rest.p[0] == '{') {
		struct json j;
		if (json_parse(r->mem, rest, &j, NULL) == OK) {
			return value_types[F_HOURS].json(r, f, &j, out);
		}
	}
	*out = tree_object();
	struct str note = STR_NONE;
	ptrdiff_t quote = str_chr(rest, '"');
	if (quote >= 0 && rest.n > (size_t)quote + 1 && str_ends(rest, S("\""))) { /* Mo 09:00-12:00; "by appointment" */
		note = str_sub(rest, (size_t)quote + 1, rest.n - (size_t)quote - 2);
		rest = str_sub(rest, 0, (size_t)quote);
	}
	while (rest.p) {
		struct str rule = str_trim(str_cut(&rest, ';'));
		if (rule.n && !hours_rule(r, rule, out)) {
			return hours_note(r, text, out); /* in words: kept as they are */
		}
	}
	if (note.n) {
		struct json n;
		TRY(hours_note(r, note, &n));
		tree_put(r->mem, out, S("note"), *json_get(&n, "note"));
	}
	return OK;
}

enum err hours_json(struct reading *r, const struct field *f, const struct json *in, struct json *out)
{
	struct str s;

	(void)f;
	if (in->kind != JSON_IS_OBJECT) {
		return value_wrong(r, N_("Write opening hours by day, like 09:00-12:00, 14:00-18:00."));
	}
	*out = tree_object();
	for (int i = 0; i < 7; i++) {
		struct str v = str_trim(json_str(json_get(in, week_days[i])));
		if (v.n && !hour_ranges(r->mem, v, &s)) {
			return value_wrong_with(r, N_("“{word}” are not opening hours: write 09:00-12:00, 14:00-18:00."), "word",
					  utf8_cut(v, 80));
		}
		if (v.n) {
			tree_put(r->mem, out, str_of(week_days[i]), tree_str(s));
		}
	}
	struct str note = json_str(json_get(in, "note"));
	if (note.n) {
		struct json n;
		TRY(hours_note(r, note, &n));
		if (!tree_empty(&n)) {
			tree_put(r->mem, out, S("note"), *json_get(&n, "note"));
		}
	}
	return OK;
}
