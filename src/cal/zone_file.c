/*
 * The changes of a zone from the machine's own data (tzdata, RFC 8536), which the distribution brings up to date when a country
 * changes its mind; ICU's own are as old as its release. Explicit changes first, then the rule of the last line, year by year.
 */
#include <stdio.h>

#include "../base/limits.h"
#include "part.h"

#define ZONEINFO "/usr/share/zoneinfo/"
#define FILE_MAX KIB(64)

struct tz {
	const unsigned char *p;
	size_t n;
};

static int64_t number(const unsigned char *p, int bytes)
{
	uint64_t v = p[0] & 0x80 ? UINT64_MAX : 0;

	for (int i = 0; i < bytes; i++) {
		v = v << 8 | p[i];
	}
	return (int64_t)v;
}

struct counts {
	size_t isut, isstd, leap, time, type, chars;
};

static bool header(struct tz f, struct counts *c)
{
	if (f.n < 44 || memcmp(f.p, "TZif", 4) != 0) {
		return false;
	}
	c->isut = (size_t)number(f.p + 20, 4);
	c->isstd = (size_t)number(f.p + 24, 4);
	c->leap = (size_t)number(f.p + 28, 4);
	c->time = (size_t)number(f.p + 32, 4);
	c->type = (size_t)number(f.p + 36, 4);
	c->chars = (size_t)number(f.p + 40, 4);
	return c->time <= 5000 && c->type > 0 && c->type <= 256 && c->chars <= 1000 && c->leap <= 1000 && c->isut <= 256 && c->isstd <= 256;
}

static size_t block(const struct counts *c, size_t wide)
{
	return c->time * wide + c->time + c->type * 6 + c->chars + c->leap * (wide + 4) + c->isstd + c->isut;
}

static void add(struct zone_list *out, int64_t at, int32_t off)
{
	if (out->n < out->cap && off != out->off[out->n] && (out->n == 0 || at > out->at[out->n - 1])) {
		out->at[out->n++] = at;
		out->off[out->n] = off;
	}
}

/* ---- the rule of the last line: "EET-2EEST,M4.5.5/0,M10.5.4/24" ---- */

static bool digit(struct str s)
{
	return s.n > 0 && s.p[0] >= '0' && s.p[0] <= '9';
}

static int whole(struct str *s)
{
	int v = 0;

	while (digit(*s) && v < 10000) {
		v = v * 10 + (s->p[0] - '0');
		*s = str_sub(*s, 1, s->n);
	}
	return v;
}

static bool eat(struct str *s, char c)
{
	if (s->n == 0 || s->p[0] != c) {
		return false;
	}
	*s = str_sub(*s, 1, s->n);
	return true;
}

static bool zone_word(struct str *s)
{
	size_t n = 0;

	if (eat(s, '<')) {
		(void)str_cut(s, '>');
		return s->p != NULL;
	}
	while (n < s->n && ((s->p[n] >= 'A' && s->p[n] <= 'Z') || (s->p[n] >= 'a' && s->p[n] <= 'z'))) {
		n++;
	}
	*s = str_sub(*s, n, s->n);
	return n > 0;
}

/* [+-]hh[:mm[:ss]] in seconds */
static int clock_of(struct str *s)
{
	bool minus = eat(s, '-');
	int v;

	if (!minus) {
		(void)eat(s, '+');
	}
	v = whole(s) * 3600;
	if (eat(s, ':')) {
		v += whole(s) * 60;
		v += eat(s, ':') ? whole(s) : 0;
	}
	return minus ? -v : v;
}

struct yearly {
	int month, week, weekday, at; /* week 5 is the last; weekday 0 Sunday; seconds of the day */
};

static bool yearly(struct str *s, struct yearly *y)
{
	if (!eat(s, ',') || !eat(s, 'M')) {
		return false;
	}
	y->month = whole(s);
	y->week = eat(s, '.') ? whole(s) : 0;
	y->weekday = eat(s, '.') ? whole(s) : -1;
	y->at = eat(s, '/') ? clock_of(s) : 7200;
	return y->month >= 1 && y->month <= 12 && y->week >= 1 && y->week <= 5 && y->weekday >= 0 && y->weekday <= 6;
}

static int64_t yearly_wall(const struct yearly *y, int year)
{
	int64_t first = days_of_date(year, y->month, 1);
	int64_t day = first + (y->weekday + 7 - wall_weekday(first) % 7) % 7 + (y->week - 1) * 7;

	while (day >= first + wall_month_days(year, y->month)) {
		day -= 7;
	}
	return day * WALL_DAY + y->at;
}

static void follow(struct str rule, int last_year, struct zone_list *out)
{
	int std, dst, year = 1970, mo, d;
	struct yearly start, end;

	if (!zone_word(&rule)) {
		return;
	}
	std = -clock_of(&rule);
	if (out->n > 0) {
		wall_date(wall_div(out->at[out->n - 1], WALL_DAY), &year, &mo, &d);
	}
	if (rule.n == 0 || !zone_word(&rule)) {
		return; /* one offset: the last change leads to it */
	}
	dst = rule.n > 0 && rule.p[0] != ',' ? -clock_of(&rule) : std + 3600;
	if (!yearly(&rule, &start) || !yearly(&rule, &end)) {
		return;
	}
	for (; year < last_year; year++) {
		int64_t on = yearly_wall(&start, year) - std, off = yearly_wall(&end, year) - dst;

		if (on < off) {
			add(out, on, dst);
			add(out, off, std);
		} else {
			add(out, off, std);
			add(out, on, dst);
		}
	}
}

static bool changes(struct tz f, int64_t first, int last_year, struct zone_list *out)
{
	struct counts c;
	const unsigned char *times, *types, *infos;
	struct str rest;
	size_t skip;

	if (!header(f, &c) || f.p[4] < '2') {
		return false;
	}
	skip = 44 + block(&c, 4);
	if (skip > f.n || !header((struct tz){f.p + skip, f.n - skip}, &c) || skip + 44 + block(&c, 8) > f.n) {
		return false;
	}
	times = f.p + skip + 44;
	types = times + c.time * 8;
	infos = types + c.time;
	out->off[0] = (int32_t)number(infos, 4);
	for (size_t i = 0; i < c.time; i++) {
		int64_t at = number(times + i * 8, 8);
		int32_t off = types[i] < c.type ? (int32_t)number(infos + types[i] * 6, 4) : 0;

		if (at < first) {
			out->off[0] = off;
		} else {
			add(out, at, off);
		}
	}
	rest = (struct str){(const char *)times + block(&c, 8), f.n - skip - 44 - block(&c, 8)};
	(void)eat(&rest, '\n');
	follow(str_cut(&rest, '\n'), last_year, out);
	return true;
}

bool zone_file(struct mem *m, struct str name, int64_t first, int last_year, struct zone_list *out)
{
	struct mem_mark mark = mem_mark(m);
	unsigned char *bytes = mem_get(m, FILE_MAX);
	FILE *f = fopen(str_c(m, str_fmt(m, ZONEINFO "%.*s", STR_ARG(name))), "rbe");
	size_t n;
	bool ok;

	if (f == NULL) {
		mem_rewind(m, mark);
		return false;
	}
	n = fread(bytes, 1, FILE_MAX, f);
	(void)fclose(f);
	ok = changes((struct tz){bytes, n}, first, last_year, out);
	mem_rewind(m, mark);
	if (!ok) {
		out->n = 0;
	}
	return ok;
}
