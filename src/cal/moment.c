/*
 * Moments: the text we keep, the order, and the wall clock in seconds.
 */
#include "part.h"

int64_t wall_div(int64_t a, int64_t b)
{
	int64_t q = a / b;

	return q - (a % b != 0 && (a < 0) != (b < 0));
}

bool wall_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int wall_month_days(int year, int month)
{
	static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && wall_leap(year) ? 29 : days[month - 1];
}

int wall_weekday(int64_t day)
{
	int64_t at = (day + 3) % 7; /* 1970-01-01 was a Thursday */

	return (int)(at < 0 ? at + 7 : at) + 1;
}

void wall_date(int64_t day, int *y, int *mo, int *d)
{
	/* eras of 400 years that begin with March, as in base/time.c */
	int64_t z = day + 719468, era = wall_div(z, 146097), doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

	*d = (int)(doy - (153 * mp + 2) / 5 + 1);
	*mo = (int)(mp < 10 ? mp + 3 : mp - 9);
	*y = (int)(yoe + era * 400 + (*mo <= 2));
}

int64_t wall_of(struct cal_moment m)
{
	if (m.precision == CAL_NONE) {
		return 0;
	}
	return days_of_date(m.year, m.precision >= CAL_MONTH ? m.month : 1, m.precision >= CAL_DAY ? m.day : 1) * WALL_DAY +
	       (m.precision == CAL_MINUTE ? m.hour * 3600 + m.minute * 60 + m.second : 0);
}

struct cal_moment wall_moment(int64_t wall, enum cal_precision precision)
{
	int64_t day = wall_div(wall, WALL_DAY);
	int rest = (int)(wall - day * WALL_DAY);
	struct cal_moment m = {.precision = precision};

	wall_date(day, &m.year, &m.month, &m.day);
	if (precision == CAL_MINUTE) {
		m.hour = rest / 3600;
		m.minute = rest / 60 % 60;
		m.second = rest % 60;
	}
	return m;
}

/* `n` digits at *at, within bounds; moves *at. */
static bool number(struct str s, size_t *at, size_t n, int min, int max, int *out)
{
	int v = 0;

	if (s.n - *at < n) {
		return false;
	}
	for (size_t i = 0; i < n; i++, (*at)++) {
		if (s.p[*at] < '0' || s.p[*at] > '9') {
			return false;
		}
		v = v * 10 + (s.p[*at] - '0');
	}
	*out = v;
	return v >= min && v <= max;
}

/* The mark `c` and the number behind it. */
static bool next(struct str s, size_t *at, char c, int min, int max, int *out)
{
	if (*at >= s.n || s.p[*at] != c) {
		return false;
	}
	(*at)++;
	return number(s, at, 2, min, max, out);
}

static bool parse_time(struct str s, size_t *at, struct cal_moment *m)
{
	m->precision = CAL_MINUTE;
	if (!next(s, at, s.p[*at] == ' ' ? ' ' : 'T', 0, 23, &m->hour) || !next(s, at, ':', 0, 59, &m->minute)) {
		return false;
	}
	return *at == s.n || next(s, at, ':', 0, 59, &m->second);
}

bool cal_parse(struct str s, struct cal_moment *out)
{
	struct cal_moment m = {.precision = CAL_YEAR};
	size_t at = 0;

	*out = (struct cal_moment){0};
	s = str_trim(s);
	if (s.n == 0) {
		return true;
	}
	if (!number(s, &at, 4, 1900, 2999, &m.year)) {
		return false;
	}
	if (at < s.n) {
		m.precision = CAL_MONTH;
		if (!next(s, &at, '-', 1, 12, &m.month)) {
			return false;
		}
	}
	if (at < s.n) {
		m.precision = CAL_DAY;
		if (!next(s, &at, '-', 1, wall_month_days(m.year, m.month), &m.day)) {
			return false;
		}
	}
	if (at < s.n && !parse_time(s, &at, &m)) {
		return false;
	}
	if (at < s.n) {
		return false;
	}
	*out = m;
	return true;
}

static void put_digits(char *to, int v, int n)
{
	while (n-- > 0) {
		to[n] = (char)('0' + v % 10);
		v /= 10;
	}
}

void cal_put(struct buf *b, struct cal_moment m)
{
	char t[] = "0000-00-00T00:00:00";
	static const size_t length[] = {0, 4, 7, 10, 16};

	put_digits(t, m.year, 4);
	put_digits(t + 5, m.month, 2);
	put_digits(t + 8, m.day, 2);
	put_digits(t + 11, m.hour, 2);
	put_digits(t + 14, m.minute, 2);
	put_digits(t + 17, m.second, 2);
	buf_put(b, (struct str){t, m.precision == CAL_MINUTE && m.second != 0 ? 19 : length[m.precision]});
}

struct str cal_text(struct mem *m, struct cal_moment at)
{
	struct buf b = buf_make(m, 32);

	cal_put(&b, at);
	return buf_str(&b);
}

int cal_cmp(struct cal_moment a, struct cal_moment b)
{
	int64_t x, y;

	if (a.precision == CAL_NONE || b.precision == CAL_NONE) {
		return (a.precision == CAL_NONE) - (b.precision == CAL_NONE);
	}
	x = wall_of(a);
	y = wall_of(b);
	if (x != y) {
		return x < y ? -1 : 1;
	}
	return (a.precision > b.precision) - (a.precision < b.precision);
}

struct cal_moment cal_day(struct cal_moment m)
{
	return m.precision == CAL_NONE ? m : wall_moment(wall_of(m), CAL_DAY);
}

struct cal_moment cal_add_days(struct cal_moment m, int days)
{
	return m.precision < CAL_DAY ? m : wall_moment(wall_of(m) + days * WALL_DAY, m.precision);
}

struct cal_moment cal_add_minutes(struct cal_moment m, int64_t minutes)
{
	return m.precision < CAL_MINUTE ? m : wall_moment(wall_of(m) + minutes * 60, CAL_MINUTE);
}

int cal_weekday(struct cal_moment m)
{
	return wall_weekday(wall_div(wall_of(m), WALL_DAY));
}

int64_t cal_to_utc(const struct cal_zone *z, struct cal_moment m)
{
	return m.precision == CAL_NONE ? 0 : zone_utc(z, wall_of(m)) * 1000;
}

struct cal_moment cal_of_utc(const struct cal_zone *z, int64_t at)
{
	return wall_moment(zone_wall(z, wall_div(at, 1000)), CAL_MINUTE);
}

/* The first second after a moment that is coarse. */
static int64_t wall_end(struct cal_moment m)
{
	switch (m.precision) {
	case CAL_YEAR:
		return days_of_date(m.year + 1, 1, 1) * WALL_DAY;
	case CAL_MONTH:
		return days_of_date(m.year, m.month + 1, 1) * WALL_DAY;
	case CAL_DAY:
		return wall_of(m) + WALL_DAY;
	case CAL_NONE:
	case CAL_MINUTE:
		break;
	}
	return wall_of(m);
}

bool cal_span(const struct cal_zone *z, struct cal_moment start, struct cal_moment end, int64_t *from, int64_t *to)
{
	if (start.precision == CAL_NONE) {
		*from = *to = 0;
		return false;
	}
	*from = cal_to_utc(z, start);
	*to = zone_utc(z, wall_end(end.precision == CAL_NONE ? start : end)) * 1000;
	if (*to < *from) {
		*to = start.precision == CAL_MINUTE ? *from : zone_utc(z, wall_end(start)) * 1000;
	}
	return true;
}
