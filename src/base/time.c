/*
 * Instants and the calendar. The civil-date arithmetic counts eras of 400 years from the first of March, so that the leap
 * day is the last of its year and needs no case of its own.
 */
#include "time.h"

#include <stdatomic.h>

static _Atomic int64_t fixed = -1;

static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char *const long_days[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

int64_t time_now(void)
{
	int64_t at = atomic_load_explicit(&fixed, memory_order_relaxed);
	struct timespec now;

	if (at >= 0) {
		return at;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void time_set(int64_t ms)
{
	atomic_store_explicit(&fixed, ms, memory_order_relaxed);
}

int64_t time_mono(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t days_of_date(int year, int month, int day)
{
	int64_t y, era, of_era, of_year, m = month - 1;

	y = year + floor_div(m, 12);
	m -= floor_div(m, 12) * 12; /* 0 to 11 from January */
	y -= m < 2;
	era = floor_div(y, 400);
	of_era = y - era * 400;
	of_year = (153 * ((m + 10) % 12) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_of_days(int64_t n, struct civil *c)
{
	int64_t era, of_era, y, of_year, m;

	n += 719468;
	era = floor_div(n, 146097);
	of_era = n - era * 146097;
	y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	of_year = of_era - (365 * y + y / 4 - y / 100);
	m = (5 * of_year + 2) / 153; /* 0 to 11 from March */
	c->day = (int)(of_year - (153 * m + 2) / 5 + 1);
	c->month = (int)(m < 10 ? m + 3 : m - 9);
	c->year = (int)(y + era * 400 + (m >= 10));
}

struct civil time_civil(int64_t ms)
{
	int64_t day = floor_div(ms, TIME_DAY), rest = ms - day * TIME_DAY;
	struct civil c = {0};

	date_of_days(day, &c);
	c.hour = (int)(rest / TIME_HOUR);
	c.minute = (int)(rest / TIME_MINUTE % 60);
	c.second = (int)(rest / TIME_SECOND % 60);
	c.ms = (int)(rest % TIME_SECOND);
	/* 1970-01-01 was a Thursday */
	c.weekday = (int)(day + 3 - floor_div(day + 3, 7) * 7) + 1;
	return c;
}

int64_t time_of_civil(struct civil c)
{
	return days_of_date(c.year, c.month, c.day) * TIME_DAY + c.hour * TIME_HOUR + c.minute * TIME_MINUTE +
	       c.second * TIME_SECOND + c.ms;
}

bool date_exists(int year, int month, int day)
{
	struct civil c = {0};

	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) {
		return false;
	}
	date_of_days(days_of_date(year, month, day), &c);
	return c.day == day;
}

/* `n` digits at `*at`, moved past; false when they are not there. */
static bool take(struct str s, size_t *at, size_t n, int *out)
{
	int v = 0;

	if (s.n - *at < n) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		char c = s.p[*at + i];

		if (c < '0' || c > '9') {
			return false;
		}
		v = v * 10 + (c - '0');
	}
	*at += n;
	*out = v;
	return true;
}

static bool take_c(struct str s, size_t *at, char c)
{
	if (*at >= s.n || s.p[*at] != c) {
		return false;
	}
	(*at)++;
	return true;
}

static bool take_date(struct str s, size_t *at, struct civil *c)
{
	return take(s, at, 4, &c->year) && take_c(s, at, '-') && take(s, at, 2, &c->month) && take_c(s, at, '-') &&
	       take(s, at, 2, &c->day) && date_exists(c->year, c->month, c->day);
}

static bool take_clock(struct str s, size_t *at, struct civil *c)
{
	if (!take(s, at, 2, &c->hour) || !take_c(s, at, ':') || !take(s, at, 2, &c->minute) || !take_c(s, at, ':') ||
	    !take(s, at, 2, &c->second)) {
		return false;
	}
	return c->hour < 24 && c->minute < 60 && c->second <= 60;
}

static bool take_fraction(struct str s, size_t *at, int *ms)
{
	int scale = 100;
	size_t from;

	if (!take_c(s, at, '.')) {
		return true;
	}
	from = *at;
	while (*at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9') {
		*ms += (s.p[*at] - '0') * scale;
		scale /= 10;
		(*at)++;
	}
	return *at > from;
}

static bool take_offset(struct str s, size_t *at, int64_t *minutes)
{
	int sign = 1, h, m;

	*minutes = 0;
	if (take_c(s, at, 'Z') || take_c(s, at, 'z')) {
		return true;
	}
	if (take_c(s, at, '-')) {
		sign = -1;
	} else if (!take_c(s, at, '+')) {
		return false;
	}
	if (!take(s, at, 2, &h) || !take_c(s, at, ':') || !take(s, at, 2, &m) || h > 23 || m > 59) {
		return false;
	}
	*minutes = sign * (h * 60 + m);
	return true;
}

bool time_parse(struct str s, int64_t *ms)
{
	struct civil c = {0};
	int64_t offset;
	size_t at = 0;

	if (!take_date(s, &at, &c) || at >= s.n || (s.p[at] != 'T' && s.p[at] != 't' && s.p[at] != ' ')) {
		return false;
	}
	at++;
	if (!take_clock(s, &at, &c) || !take_fraction(s, &at, &c.ms) || !take_offset(s, &at, &offset) || at != s.n) {
		return false;
	}
	*ms = time_of_civil(c) - offset * TIME_MINUTE;
	return true;
}

bool date_parse(struct str s, struct civil *c)
{
	size_t at = 0;
	struct civil got = {0};

	if (!take_date(s, &at, &got) || at != s.n) {
		return false;
	}
	*c = time_civil(time_of_civil(got));
	return true;
}

static bool take_name(struct str s, size_t *at, const char *const *names, size_t n, int *out)
{
	for (size_t i = 0; i < n; i++) {
		struct str name = str_of(names[i]);

		if (str_starts(str_sub(s, *at, s.n), name)) {
			*at += name.n;
			*out = (int)i + 1;
			return true;
		}
	}
	return false;
}

static bool take_text(struct str s, size_t *at, struct str text)
{
	if (!str_starts(str_sub(s, *at, s.n), text)) {
		return false;
	}
	*at += text.n;
	return true;
}

/* Sun, 06 Nov 1994 08:49:37 GMT */
static bool http_fixdate(struct str s, struct civil *c)
{
	size_t at = 0;
	int day;

	return take_name(s, &at, days, 7, &day) && take_text(s, &at, S(", ")) && take(s, &at, 2, &c->day) &&
	       take_c(s, &at, ' ') && take_name(s, &at, months, 12, &c->month) && take_c(s, &at, ' ') &&
	       take(s, &at, 4, &c->year) && take_c(s, &at, ' ') && take_clock(s, &at, c) && take_text(s, &at, S(" GMT")) &&
	       at == s.n;
}

/* Sunday, 06-Nov-94 08:49:37 GMT; a year that would lie more than 50 years ahead is of the century before */
static bool http_rfc850(struct str s, struct civil *c)
{
	size_t at = 0;
	int day, now = time_civil(time_now()).year;

	if (!take_name(s, &at, long_days, 7, &day) || !take_text(s, &at, S(", ")) || !take(s, &at, 2, &c->day) ||
	    !take_c(s, &at, '-') || !take_name(s, &at, months, 12, &c->month) || !take_c(s, &at, '-') ||
	    !take(s, &at, 2, &c->year) || !take_c(s, &at, ' ') || !take_clock(s, &at, c) ||
	    !take_text(s, &at, S(" GMT")) || at != s.n) {
		return false;
	}
	c->year += now - now % 100;
	if (c->year > now + 50) {
		c->year -= 100;
	}
	return true;
}

/* Sun Nov  6 08:49:37 1994 */
static bool http_asctime(struct str s, struct civil *c)
{
	size_t at = 0;
	int day;

	return take_name(s, &at, days, 7, &day) && take_c(s, &at, ' ') && take_name(s, &at, months, 12, &c->month) &&
	       take_c(s, &at, ' ') && (take_c(s, &at, ' ') ? take(s, &at, 1, &c->day) : take(s, &at, 2, &c->day)) &&
	       take_c(s, &at, ' ') && take_clock(s, &at, c) && take_c(s, &at, ' ') && take(s, &at, 4, &c->year) &&
	       at == s.n;
}

bool time_parse_http(struct str s, int64_t *ms)
{
	bool (*const forms[])(struct str s, struct civil *c) = {http_fixdate, http_rfc850, http_asctime};

	for (size_t i = 0; i < COUNT(forms); i++) {
		struct civil c = {0};

		if (forms[i](s, &c)) {
			if (!date_exists(c.year, c.month, c.day)) {
				return false;
			}
			*ms = time_of_civil(c);
			return true;
		}
	}
	return false;
}

void buf_put_date(struct buf *b, int64_t ms)
{
	struct civil c = time_civil(ms);

	buf_fmt(b, "%04d-%02d-%02d", c.year, c.month, c.day);
}

void buf_put_time(struct buf *b, int64_t ms)
{
	struct civil c = time_civil(ms);

	buf_fmt(b, "%04d-%02d-%02dT%02d:%02d:%02d", c.year, c.month, c.day, c.hour, c.minute, c.second);
	if (c.ms != 0) {
		buf_fmt(b, ".%03d", c.ms);
	}
	buf_put_c(b, 'Z');
}

void buf_put_http_date(struct buf *b, int64_t ms)
{
	struct civil c = time_civil(ms);

	buf_fmt(b, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[c.weekday - 1], c.day, months[c.month - 1], c.year, c.hour,
		c.minute, c.second);
}
