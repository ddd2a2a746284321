/*
 * Dates, numbers and lists in words, by ICU: what each language does with them is not ours to write. Formatters cost much to
 * open and little to use, so each thread keeps those it has used. Only this file includes ICU's formatting headers.
 */
#include <unicode/udat.h>
#include <unicode/udateintervalformat.h>
#include <unicode/udatpg.h>
#include <unicode/ulistformatter.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/unumberformatter.h>
#include <unicode/ureldatefmt.h>
#include <unicode/ustring.h>

#include "req.h"
#include "site.h"

#include "../base/log.h"
#include "../base/time.h"

enum kind {
	K_DATE,
	K_DATETIME,
	K_DAY,
	K_DAY_FULL,
	K_WEEKDAY_SHORT,
	K_TIME,
	K_MONTH,
	K_YEAR,
	K_DAY_NAME,
	K_DATE_OF_YEAR,
	K_RANGE,
	K_NUMBER,
	K_AGO,
	K_LIST,
	K_SIZE_B,
	K_SIZE_K,
	K_SIZE_M,
	K_SIZE_G,
	KINDS
};

#define UNITS 256 /* UTF-16 units of one text */

static _Thread_local void *kept[SITE_LANGS][KINDS];
static _Thread_local char kept_zone[64];

/*
 * Where a language has several ways, the one of Europe. Arabic takes the digits of the Maghreb: codes, telephone numbers and
 * what people type stand beside them, and two kinds of digits on one page confuse.
 */
static const char *locale_of(const char *lang)
{
	return str_eq(str_of(lang), S("en")) ? "en_GB" : str_eq(str_of(lang), S("ar")) ? "ar@numbers=latn" : lang;
}

static int lang_at(const struct req *rq)
{
	int at = site_lang_index(str_of(rq->lang));

	return at < 0 ? 1 : at;
}

static int32_t to16(struct str s, UChar *to, int32_t max)
{
	UErrorCode e = U_ZERO_ERROR;
	int32_t n = 0;

	u_strFromUTF8(to, max, &n, s.p ? s.p : "", (int32_t)s.n, &e);
	return U_FAILURE(e) ? 0 : n;
}

static struct str from16(struct mem *m, const UChar *s, int32_t n)
{
	UErrorCode e = U_ZERO_ERROR;
	char *to = mem_get(m, (size_t)n * 3 + 1);
	int32_t k = 0;

	u_strToUTF8(to, n * 3, &k, s, n, &e);
	return U_FAILURE(e) ? S("") : (struct str){to, (size_t)k};
}

static void *open_pattern(const char *locale, const char *skeleton, const UChar *zone, int32_t zone_n)
{
	UErrorCode e = U_ZERO_ERROR;
	UDateTimePatternGenerator *g = udatpg_open(locale, &e);
	UChar sk[32], pattern[UNITS];
	int32_t n;
	void *f;

	u_uastrcpy(sk, skeleton);
	n = udatpg_getBestPattern(g, sk, -1, pattern, UNITS, &e);
	f = udat_open(UDAT_PATTERN, UDAT_PATTERN, locale, zone, zone_n, pattern, n, &e);
	udatpg_close(g);
	return U_FAILURE(e) ? NULL : f;
}

static void *open_size(const char *locale, const char *unit)
{
	UErrorCode e = U_ZERO_ERROR;
	char text[80];
	UChar sk[80];

	snprintf(text, sizeof(text), "unit/%s unit-width-short .#", unit);
	u_uastrcpy(sk, text);
	return unumf_openForSkeletonAndLocale(sk, -1, locale, &e);
}

static void *open_kind(enum kind k, const char *locale, struct str zone_name)
{
	UErrorCode e = U_ZERO_ERROR;
	UChar zone[64], utc[4], sk[16];
	int32_t zone_n = to16(zone_name, zone, 64);

	u_uastrcpy(utc, "UTC");
	switch (k) {
	case K_DATE:
		return udat_open(UDAT_NONE, UDAT_FULL, locale, zone, zone_n, NULL, 0, &e);
	case K_DATETIME:
		return udat_open(UDAT_SHORT, UDAT_FULL, locale, zone, zone_n, NULL, 0, &e);
	case K_DAY:
		return open_pattern(locale, "yMMMMd", utc, 3);
	case K_DAY_FULL:
		return udat_open(UDAT_NONE, UDAT_FULL, locale, utc, 3, NULL, 0, &e);
	case K_WEEKDAY_SHORT:
		return open_pattern(locale, "EEE", utc, 3);
	case K_TIME:
		return udat_open(UDAT_SHORT, UDAT_NONE, locale, utc, 3, NULL, 0, &e);
	case K_MONTH:
		return open_pattern(locale, "yMMMM", utc, 3);
	case K_YEAR:
		return open_pattern(locale, "y", utc, 3);
	case K_DAY_NAME:
		return open_pattern(locale, "cccc", utc, 3);
	case K_DATE_OF_YEAR:
		return open_pattern(locale, "MMMMd", utc, 3);
	case K_RANGE:
		u_uastrcpy(sk, "yMMMMd");
		return udtitvfmt_open(locale, sk, -1, zone, zone_n, &e);
	case K_NUMBER:
		return unum_open(UNUM_DECIMAL, NULL, 0, locale, NULL, &e);
	case K_AGO:
		return ureldatefmt_open(locale, NULL, UDAT_STYLE_LONG, UDISPCTX_CAPITALIZATION_NONE, &e);
	case K_LIST:
		return ulistfmt_openForType(locale, ULISTFMT_TYPE_AND, ULISTFMT_WIDTH_WIDE, &e);
	case K_SIZE_B:
		return open_size(locale, "byte");
	case K_SIZE_K:
		return open_size(locale, "kilobyte");
	case K_SIZE_M:
		return open_size(locale, "megabyte");
	case K_SIZE_G:
		return open_size(locale, "gigabyte");
	case KINDS:
		break;
	}
	return NULL;
}

static void close_kind(int lang, enum kind k)
{
	void *f = kept[lang][k];

	kept[lang][k] = NULL;
	if (!f) {
		return;
	}
	switch (k) {
	case K_DATE:
	case K_DATETIME:
	case K_DAY:
	case K_MONTH:
	case K_YEAR:
	case K_DAY_NAME:
	case K_DATE_OF_YEAR:
	case K_DAY_FULL:
	case K_WEEKDAY_SHORT:
	case K_TIME:
		udat_close(f);
		break;
	case K_RANGE:
		udtitvfmt_close(f);
		break;
	case K_NUMBER:
		unum_close(f);
		break;
	case K_AGO:
		ureldatefmt_close(f);
		break;
	case K_LIST:
		ulistfmt_close(f);
		break;
	case K_SIZE_B:
	case K_SIZE_K:
	case K_SIZE_M:
	case K_SIZE_G:
		unumf_close(f);
		break;
	case KINDS:
		break;
	}
}

/* Those that know the time zone are opened anew when the administrator changes it. */
static void turn_zone(struct str zone)
{
	size_t n = zone.n < sizeof(kept_zone) - 1 ? zone.n : sizeof(kept_zone) - 1;

	if (strlen(kept_zone) == n && memcmp(kept_zone, zone.p, n) == 0) {
		return;
	}
	memcpy(kept_zone, zone.p, n);
	kept_zone[n] = 0;
	for (int i = 0; i < SITE_LANGS; i++) {
		close_kind(i, K_DATE);
		close_kind(i, K_DATETIME);
		close_kind(i, K_RANGE);
	}
}

void words_close(void)
{
	for (int i = 0; i < SITE_LANGS; i++) {
		for (int k = 0; k < KINDS; k++) {
			close_kind(i, (enum kind)k);
		}
	}
}

static void *formatter(const struct req *rq, enum kind k)
{
	int at = lang_at(rq);
	struct str zone = rq->site && rq->site->time_zone.n ? rq->site->time_zone : S("UTC");

	turn_zone(zone);
	if (!kept[at][k]) {
		kept[at][k] = open_kind(k, locale_of(site_langs[at]), str_of(kept_zone));
		if (!kept[at][k]) {
			log_error("words: no formatter %d for %s", (int)k, site_langs[at]);
		}
	}
	return kept[at][k];
}

static struct str date_as(const struct req *rq, enum kind k, int64_t instant)
{
	UErrorCode e = U_ZERO_ERROR;
	UDateFormat *f = formatter(rq, k);
	UChar to[UNITS];
	int32_t n = f ? udat_format(f, (UDate)instant, to, UNITS, NULL, &e) : 0;

	return U_FAILURE(e) ? S("") : from16(rq->mem, to, n);
}

struct str words_date(const struct req *rq, int64_t instant)
{
	return date_as(rq, K_DATE, instant);
}

struct str words_datetime(const struct req *rq, int64_t instant)
{
	return date_as(rq, K_DATETIME, instant);
}

struct str words_day(const struct req *rq, int64_t local)
{
	return date_as(rq, K_DAY_FULL, local);
}

struct str words_weekday_short(const struct req *rq, int64_t local)
{
	return date_as(rq, K_WEEKDAY_SHORT, local);
}

struct str words_time(const struct req *rq, int64_t local)
{
	return date_as(rq, K_TIME, local);
}

struct str words_date_range(const struct req *rq, int64_t from, int64_t to)
{
	UErrorCode e = U_ZERO_ERROR;
	UDateIntervalFormat *f = formatter(rq, K_RANGE);
	UChar text[UNITS];
	int32_t n = f ? udtitvfmt_format(f, (UDate)from, (UDate)to, text, UNITS, NULL, &e) : 0;

	return U_FAILURE(e) ? S("") : from16(rq->mem, text, n);
}

struct str words_ago(const struct req *rq, int64_t instant)
{
	static const struct {
		int64_t ms;
		URelativeDateTimeUnit unit;
	} units[] = {
		{365 * TIME_DAY, UDAT_REL_UNIT_YEAR  },
                {30 * TIME_DAY,  UDAT_REL_UNIT_MONTH },
		{7 * TIME_DAY,   UDAT_REL_UNIT_WEEK  },
                {TIME_DAY,       UDAT_REL_UNIT_DAY   },
		{TIME_HOUR,      UDAT_REL_UNIT_HOUR  },
                {TIME_MINUTE,    UDAT_REL_UNIT_MINUTE},
	};
	int64_t diff = instant - rq->now, size = diff < 0 ? -diff : diff;
	UErrorCode e = U_ZERO_ERROR;
	URelativeDateTimeFormatter *f = formatter(rq, K_AGO);
	UChar to[UNITS];
	int32_t n = 0;
	size_t u = 0;

	while (u < COUNT(units) && size < units[u].ms) {
		u++;
	}
	if (!f) {
		return S("");
	}
	if (u == COUNT(units)) {
		n = ureldatefmt_format(f, 0, UDAT_REL_UNIT_SECOND, to, UNITS, &e);
	} else if (units[u].unit == UDAT_REL_UNIT_DAY) {
		/* "yesterday" where the language has a word */
		n = ureldatefmt_format(f, (double)(diff / units[u].ms), units[u].unit, to, UNITS, &e);
	} else {
		n = ureldatefmt_formatNumeric(f, (double)(diff / units[u].ms), units[u].unit, to, UNITS, &e);
	}
	return U_FAILURE(e) ? S("") : from16(rq->mem, to, n);
}

struct str words_partial_date(const struct req *rq, struct str iso)
{
	int64_t year = 0, month = 1, day = 1;
	struct str rest = iso, part;
	enum kind k = K_YEAR;

	if (!str_to_i64(str_cut(&rest, '-'), &year)) {
		return iso;
	}
	if (rest.p) {
		part = str_cut(&rest, '-');
		k = K_MONTH;
		if (!str_to_i64(part, &month)) {
			return iso;
		}
	}
	if (rest.p) {
		k = K_DAY;
		if (!str_to_i64(rest, &day)) {
			return iso;
		}
	}
	if (!date_exists((int)year, (int)month, (int)day)) {
		return iso;
	}
	return date_as(rq, k, days_of_date((int)year, (int)month, (int)day) * TIME_DAY);
}

struct str words_weekday(const struct req *rq, int weekday)
{
	return date_as(rq, K_DAY_NAME, (3 + weekday) * TIME_DAY); /* 1970-01-05 was a Monday */
}

struct str words_day_of_year(const struct req *rq, int month, int day)
{
	return date_as(rq, K_DATE_OF_YEAR, days_of_date(2024, month, day) * TIME_DAY);
}

struct str words_number(const struct req *rq, int64_t v)
{
	UErrorCode e = U_ZERO_ERROR;
	UNumberFormat *f = formatter(rq, K_NUMBER);
	UChar to[UNITS];
	int32_t n = f ? unum_formatInt64(f, v, to, UNITS, NULL, &e) : 0;

	return U_FAILURE(e) ? S("") : from16(rq->mem, to, n);
}

struct str words_list(const struct req *rq, const struct str *items, size_t n)
{
	UErrorCode e = U_ZERO_ERROR;
	UListFormatter *f = formatter(rq, K_LIST);
	const UChar **text = mem_array(rq->mem, const UChar *, n);
	int32_t *len = mem_array(rq->mem, int32_t, n);
	int32_t total = 64, k;
	UChar *to;

	if (n == 0 || !f) {
		return S("");
	}
	for (size_t i = 0; i < n; i++) {
		UChar *one = mem_array(rq->mem, UChar, items[i].n + 1);

		len[i] = to16(items[i], one, (int32_t)items[i].n + 1);
		text[i] = one;
		total += len[i] + 16;
	}
	to = mem_array(rq->mem, UChar, (size_t)total);
	k = ulistfmt_format(f, text, len, (int32_t)n, to, total, &e);
	return U_FAILURE(e) ? S("") : from16(rq->mem, to, k);
}

struct str words_language(const struct req *rq, struct str code)
{
	UErrorCode e = U_ZERO_ERROR;
	UChar to[UNITS];
	int32_t n;

	if (code.n == 0 || code.n > 11) {
		return code;
	}
	n = uloc_getDisplayLanguage(str_c(rq->mem, code), locale_of(rq->lang), to, UNITS, &e);
	return U_FAILURE(e) ? code : from16(rq->mem, to, n);
}

struct str words_size(const struct req *rq, int64_t bytes)
{
	enum kind k = bytes < 1000 ? K_SIZE_B : bytes < 1000000 ? K_SIZE_K : bytes < 1000000000 ? K_SIZE_M : K_SIZE_G;
	static const double unit[] = {1, 1e3, 1e6, 1e9};
	UErrorCode e = U_ZERO_ERROR;
	UNumberFormatter *f = formatter(rq, k);
	UFormattedNumber *r = unumf_openResult(&e);
	UChar to[UNITS];
	int32_t n = 0;

	if (f) {
		unumf_formatDouble(f, (double)bytes / unit[k - K_SIZE_B], r, &e);
		n = unumf_resultToString(r, to, UNITS, &e);
	}
	unumf_closeResult(r);
	return U_FAILURE(e) ? S("") : from16(rq->mem, to, n);
}
