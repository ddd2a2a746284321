/*
 * Time zones: their names and what other programs call them from ICU, their changes from the machine's tzdata (zone_file.c), or
 * from ICU where there is none. The changes of a zone are asked once and kept as arrays for the life of the process;
 * conversions are then a search in them. Only this file of the layer includes ICU.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unicode/ucal.h>
#include <unicode/udat.h>
#include <unicode/uenum.h>
#include <unicode/ustring.h>

#include "../base/limits.h"
#include "../base/map.h"
#include "part.h"

#define ZONE_NAME 64
#define LABEL_LANGS 8

/* Changes are asked for within these; later years are as the 28 before, in which weekdays and leap years come round. */
#define FIRST_YEAR 1900
#define LAST_YEAR 2100
#define CYCLE (INT64_C(10227) * WALL_DAY)

struct changes {
	size_t n;
	int64_t *at;   /* seconds UTC */
	int64_t *wall; /* from this on the wall clock the offset after the change is meant */
	int32_t *off;  /* n + 1 */
};

struct cal_zone {
	struct str name;
	_Atomic(struct changes *) *changes; /* asked for when first needed */
	struct str city[LABEL_LANGS];
};

/* What ICU still calls by the names of yesterday. */
static const struct {
	const char *old, *now;
} renamed[] = {
	{"Africa/Asmera",                  "Africa/Asmara"                 },
	{"America/Buenos_Aires",           "America/Argentina/Buenos_Aires"},
	{"America/Catamarca",              "America/Argentina/Catamarca"   },
	{"America/Coral_Harbour",          "America/Atikokan"              },
	{"America/Cordoba",                "America/Argentina/Cordoba"     },
	{"America/Godthab",                "America/Nuuk"                  },
	{"America/Indianapolis",           "America/Indiana/Indianapolis"  },
	{"America/Jujuy",                  "America/Argentina/Jujuy"       },
	{"America/Louisville",             "America/Kentucky/Louisville"   },
	{"America/Mendoza",                "America/Argentina/Mendoza"     },
	{"Asia/Calcutta",                  "Asia/Kolkata"                  },
	{"Asia/Katmandu",                  "Asia/Kathmandu"                },
	{"Asia/Rangoon",                   "Asia/Yangon"                   },
	{"Asia/Saigon",                    "Asia/Ho_Chi_Minh"              },
	{"Atlantic/Faeroe",                "Atlantic/Faroe"                },
	{"Europe/Kiev",                    "Europe/Kyiv"                   },
	{"Pacific/Enderbury",              "Pacific/Kanton"                },
	{"Pacific/Ponape",                 "Pacific/Pohnpei"               },
	{"Pacific/Truk",                   "Pacific/Chuuk"                 },
	{"Etc/UTC",                        "UTC"                           },
	{"Etc/GMT",                        "UTC"                           },
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct mem *kept;            /* for the life of the process; under the lock once `once` has run */
static struct map by_name, by_fold; /* every name and alias; the same in lower case */
static struct str *names;
static size_t names_n;
static struct str langs[LABEL_LANGS];

static struct str now_called(struct str icu)
{
	for (size_t i = 0; i < COUNT(renamed); i++) {
		if (str_eq(icu, str_of(renamed[i].old))) {
			return str_of(renamed[i].now);
		}
	}
	return icu;
}

static int32_t to16(struct str s, UChar to[ZONE_NAME * 2])
{
	UErrorCode e = U_ZERO_ERROR;
	int32_t n = 0;

	u_strFromUTF8(to, ZONE_NAME * 2, &n, s.p ? s.p : "", (int32_t)(s.n > 100 ? 0 : s.n), &e);
	return U_FAILURE(e) ? 0 : n;
}

static struct str from16(struct mem *m, const UChar *s, int32_t n)
{
	UErrorCode e = U_ZERO_ERROR;
	char to[ZONE_NAME * 4];
	int32_t k = 0;

	u_strToUTF8(to, sizeof(to), &k, s, n, &e);
	return U_FAILURE(e) ? S("") : str_dup(m, (struct str){to, (size_t)k});
}

static struct cal_zone *add_zone(struct str name)
{
	struct cal_zone *z = map_get(&by_name, name);

	if (z == NULL) {
		z = mem_new(kept, struct cal_zone);
		z->name = str_dup(kept, name);
		z->changes = mem_get(kept, sizeof(*z->changes));
		map_put(&by_name, z->name, z);
		map_put(&by_fold, str_lower(kept, z->name), z);
	}
	return z;
}

static void add_alias(struct str name)
{
	UErrorCode e = U_ZERO_ERROR;
	UChar in[ZONE_NAME * 2], out[ZONE_NAME * 2];
	UBool system = false;
	int32_t n = ucal_getCanonicalTimeZoneID(in, to16(name, in), out, ZONE_NAME * 2, &system, &e);
	struct cal_zone *z;

	if (U_FAILURE(e) || !system) {
		return;
	}
	z = add_zone(now_called(from16(kept, out, n)));
	if (map_get(&by_name, name) == NULL) {
		name = str_dup(kept, name);
		map_put(&by_name, name, z);
		map_put(&by_fold, str_lower(kept, name), z);
	}
}

static int by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void list_names(void)
{
	UErrorCode e = U_ZERO_ERROR;
	UEnumeration *all = ucal_openTimeZoneIDEnumeration(UCAL_ZONE_TYPE_CANONICAL_LOCATION, NULL, NULL, &e);
	int32_t n = 0;
	const char *id;

	names = mem_array(kept, struct str, (size_t)uenum_count(all, &e) + 1);
	names[names_n++] = S("UTC");
	while (U_SUCCESS(e) && (id = uenum_next(all, &n, &e)) != NULL) {
		struct cal_zone *z = map_get(&by_name, (struct str){id, (size_t)n});

		if (z != NULL) {
			names[names_n++] = z->name;
		}
	}
	uenum_close(all);
	qsort(names + 1, names_n - 1, sizeof(*names), by_bytes);
}

static void start(void)
{
	UErrorCode e = U_ZERO_ERROR;
	UEnumeration *all = ucal_openTimeZoneIDEnumeration(UCAL_ZONE_TYPE_ANY, NULL, NULL, &e);
	int32_t n = 0;
	const char *id;

	kept = mem_open();
	by_name = map_make(kept);
	by_fold = map_make(kept);
	add_zone(S("UTC"));
	while (U_SUCCESS(e) && (id = uenum_next(all, &n, &e)) != NULL) {
		/* ICU's own three letters ("IST") mean different places to different people; EST and the like are IANA's */
		if (strchr(id, '/') != NULL || n > 3 || strcmp(id, "EST") == 0 || strcmp(id, "MST") == 0 ||
		    strcmp(id, "HST") == 0 || strcmp(id, "CET") == 0 || strcmp(id, "EET") == 0 ||
		    strcmp(id, "WET") == 0 || strcmp(id, "MET") == 0 || strcmp(id, "GMT") == 0) {
			add_alias((struct str){id, (size_t)n});
		}
	}
	uenum_close(all);
	for (size_t i = 0; i < COUNT(renamed); i++) {
		add_alias(str_of(renamed[i].now));
	}
	list_names();
}

const struct cal_zone *cal_zone(struct str name)
{
	pthread_once(&once, start);
	return name.n == 0 ? NULL : map_get(&by_name, name);
}

struct str cal_zone_name(const struct cal_zone *z)
{
	return z == NULL ? S("UTC") : z->name;
}

size_t cal_zones(const struct str **out)
{
	pthread_once(&once, start);
	*out = names;
	return names_n;
}

/* ---- Names of other programs ---- */

static const struct cal_zone *windows(struct str name)
{
	UErrorCode e = U_ZERO_ERROR;
	UChar in[ZONE_NAME * 2], out[ZONE_NAME * 2];
	char id[ZONE_NAME];
	int32_t n = to16(name, in);

	n = n == 0 ? 0 : ucal_getTimeZoneIDForWindowsID(in, n, NULL, out, ZONE_NAME, &e);
	if (U_FAILURE(e) || n <= 0 || n >= ZONE_NAME) {
		return NULL;
	}
	u_austrncpy(id, out, n + 1);
	return cal_zone((struct str){id, (size_t)n});
}

/* Words that Outlook shows or that other programs invent, where no other way leads to a place. */
static const struct {
	const char *words, *zone;
} worded[] = {
	{"amsterdam", "Europe/Amsterdam"},
	{"paris", "Europe/Paris"},
	{"brussels", "Europe/Brussels"},
	{"berlin", "Europe/Berlin"},
	{"bern", "Europe/Zurich"},
	{"belgrade", "Europe/Belgrade"},
	{"sarajevo", "Europe/Warsaw"},
	{"athens", "Europe/Athens"},
	{"bucharest", "Europe/Bucharest"},
	{"helsinki", "Europe/Helsinki"},
	{"istanbul", "Europe/Istanbul"},
	{"moscow", "Europe/Moscow"},
	{"lisbon", "Europe/Lisbon"},
	{"dublin", "Europe/Dublin"},
	{"london", "Europe/London"},
	{"casablanca", "Africa/Casablanca"},
	{"west central africa", "Africa/Lagos"},
	{"cairo", "Africa/Cairo"},
	{"harare", "Africa/Harare"},
	{"pretoria", "Africa/Johannesburg"},
	{"jerusalem", "Asia/Jerusalem"},
	{"nairobi", "Africa/Nairobi"},
	{"brasilia", "America/Sao_Paulo"},
	{"buenos aires", "America/Argentina/Buenos_Aires"},
	{"atlantic time", "America/Halifax"},
	{"eastern time", "America/New_York"},
	{"central time", "America/Chicago"},
	{"mountain time", "America/Denver"},
	{"pacific time", "America/Los_Angeles"},
	{"us/canada eastern", "America/New_York"},
	{"us/canada central", "America/Chicago"},
	{"us/canada pacific", "America/Los_Angeles"},
	{"us-eastern", "America/New_York"},
	{"us-central", "America/Chicago"},
	{"us-pacific", "America/Los_Angeles"},
	{"new delhi", "Asia/Kolkata"},
	{"tokyo", "Asia/Tokyo"},
	{"sydney", "Australia/Sydney"},
	{"beijing", "Asia/Shanghai"},
};

static const struct cal_zone *by_words(struct str low)
{
	for (size_t i = 0; i < COUNT(worded); i++) {
		if (str_find(low, str_of(worded[i].words)) >= 0) {
			return cal_zone(str_of(worded[i].zone));
		}
	}
	return NULL;
}

/* "/mozilla.org/20070129_1/Europe/Paris", "tzone://Microsoft/Utc": what is behind some slash. */
static const struct cal_zone *behind_slash(struct str low)
{
	const struct cal_zone *z = NULL;

	while (z == NULL && str_chr(low, '/') >= 0) {
		str_cut(&low, '/');
		z = low.n == 0 ? NULL : map_get(&by_fold, low);
	}
	return z;
}

const struct cal_zone *cal_zone_guess(struct str name)
{
	const struct cal_zone *z;
	char room[200], joined[200];
	struct str low = {room, 0};

	pthread_once(&once, start);
	name = str_trim(name);
	while (name.n > 1 && (name.p[0] == '"' || name.p[0] == '\'') && name.p[name.n - 1] == name.p[0]) {
		name = str_sub(name, 1, name.n - 2);
	}
	if (name.n == 0 || name.n > sizeof(room)) {
		return NULL;
	}
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		room[low.n] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
		joined[low.n] = c == ' ' ? '_' : room[low.n];
		low.n++;
	}
	z = map_get(&by_fold, (struct str){joined, low.n});
	if (z == NULL) {
		z = windows(name);
	}
	if (z == NULL) {
		z = behind_slash((struct str){joined, low.n});
	}
	if (z == NULL && (str_eq(low, S("z")) || str_eq(low, S("utc")) || str_ends(low, S("/utc")) ||
			  str_find(low, S("coordinated universal")) >= 0)) {
		z = cal_zone(S("UTC"));
	}
	return z != NULL ? z : by_words(low);
}

/* ---- Changes and offsets ---- */

static int32_t offset_of(UCalendar *c, int64_t utc)
{
	UErrorCode e = U_ZERO_ERROR;
	int32_t off;

	ucal_setMillis(c, (UDate)utc * 1000, &e);
	off = ucal_get(c, UCAL_ZONE_OFFSET, &e) + ucal_get(c, UCAL_DST_OFFSET, &e);
	return U_FAILURE(e) ? 0 : off / 1000;
}

/* The changes as ICU has them: those that really change the offset. */
static void ask_icu(const struct cal_zone *z, int64_t at, struct zone_list *out)
{
	UErrorCode e = U_ZERO_ERROR;
	UChar id[ZONE_NAME * 2];
	UCalendar *c = ucal_open(id, to16(z->name, id), "en", UCAL_GREGORIAN, &e);
	int64_t end = days_of_date(LAST_YEAR, 1, 1) * WALL_DAY;
	UDate when;

	if (U_FAILURE(e)) {
		return;
	}
	out->off[0] = offset_of(c, at);
	while (out->n < out->cap && ucal_getTimeZoneTransitionDate(c, UCAL_TZ_TRANSITION_NEXT, &when, &e) && U_SUCCESS(e)) {
		int32_t off;

		at = (int64_t)(when / 1000);
		if (at >= end) {
			break;
		}
		off = offset_of(c, at);
		if (off != out->off[out->n]) {
			out->at[out->n] = at;
			out->off[++out->n] = off;
		}
	}
	ucal_close(c);
}

/* With the lock held. */
static struct changes *ask(const struct cal_zone *z)
{
	struct changes *to = mem_new(kept, struct changes);
	int64_t first = days_of_date(FIRST_YEAR, 1, 1) * WALL_DAY;
	struct zone_list list = {.cap = 600};

	list.at = mem_array(kept, int64_t, list.cap);
	list.off = mem_array(kept, int32_t, list.cap + 1);
	to->wall = mem_array(kept, int64_t, list.cap);
	if (!zone_file(kept, z->name, first, LAST_YEAR, &list)) {
		ask_icu(z, first, &list);
	}
	to->at = list.at;
	to->off = list.off;
	to->n = list.n;
	for (size_t i = 0; i < to->n; i++) {
		to->wall[i] = to->at[i] + (to->off[i + 1] > to->off[i] ? to->off[i + 1] : to->off[i]);
	}
	return to;
}

static const struct changes *changes_of(const struct cal_zone *z)
{
	struct changes *c = atomic_load_explicit(z->changes, memory_order_acquire);

	if (c == NULL) {
		pthread_mutex_lock(&lock);
		c = atomic_load_explicit(z->changes, memory_order_relaxed);
		if (c == NULL) {
			c = ask(z);
			atomic_store_explicit(z->changes, c, memory_order_release);
		}
		pthread_mutex_unlock(&lock);
	}
	return c;
}

size_t zone_changes(const struct cal_zone *z, const int64_t **at, const int32_t **off)
{
	const struct changes *c = changes_of(z);

	*at = c->at;
	*off = c->off;
	return c->n;
}

/* How many of the values are at or before `x`. */
static size_t passed(const int64_t *p, size_t n, int64_t x)
{
	size_t lo = 0;

	while (n > 0) {
		size_t half = n / 2;

		if (p[lo + half] <= x) {
			lo += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return lo;
}

/* Years beyond the table are looked up in the last cycle of it. */
static int64_t within(int64_t x)
{
	int64_t end = days_of_date(LAST_YEAR - 1, 1, 1) * WALL_DAY;

	return x < end ? x : x - ((x - end) / CYCLE + 1) * CYCLE;
}

int64_t zone_utc(const struct cal_zone *z, int64_t wall)
{
	const struct changes *c;

	if (z == NULL) {
		return wall;
	}
	c = changes_of(z);
	return wall - c->off[passed(c->wall, c->n, within(wall))];
}

int64_t zone_wall(const struct cal_zone *z, int64_t utc)
{
	const struct changes *c;

	if (z == NULL) {
		return utc;
	}
	c = changes_of(z);
	return utc + c->off[passed(c->at, c->n, within(utc))];
}

int cal_offset(const struct cal_zone *z, int64_t at)
{
	int64_t utc = wall_div(at, 1000);

	return (int)(zone_wall(z, utc) - utc);
}

/* ---- Labels ---- */

static size_t lang_at(const char *lang)
{
	size_t i = 0;

	while (i < LABEL_LANGS - 1 && langs[i].n > 0 && !str_eq(langs[i], str_of(lang))) {
		i++;
	}
	if (langs[i].n == 0) {
		langs[i] = str_dup(kept, str_of(lang));
	}
	return i;
}

/* The town a zone is named after, as the language writes it. With the lock held. */
static struct str city(const struct cal_zone *z, const char *lang)
{
	UErrorCode e = U_ZERO_ERROR;
	UChar id[ZONE_NAME * 2], out[ZONE_NAME * 2], pattern[4];
	UDateFormat *f;
	int32_t n;

	u_uastrcpy(pattern, "VVV");
	f = udat_open(UDAT_PATTERN, UDAT_PATTERN, lang, id, to16(z->name, id), pattern, 3, &e);
	n = U_FAILURE(e) ? 0 : udat_format(f, 0, out, ZONE_NAME * 2, NULL, &e);
	if (f != NULL) {
		udat_close(f);
	}
	return U_FAILURE(e) ? z->name : from16(kept, out, n);
}

struct str cal_zone_label(struct mem *m, const struct cal_zone *z, const char *lang, int64_t at)
{
	int off = cal_offset(z, at), minutes = (off < 0 ? -off : off) / 60;
	struct cal_zone *own;
	struct str town;
	size_t i;

	if (z == NULL || str_eq(z->name, S("UTC"))) {
		return S("UTC");
	}
	own = map_get(&by_name, z->name);
	pthread_mutex_lock(&lock);
	i = lang_at(lang);
	if (own->city[i].n == 0 || i == LABEL_LANGS - 1) {
		own->city[i] = city(z, lang);
	}
	town = own->city[i];
	pthread_mutex_unlock(&lock);
	if (minutes == 0) {
		return str_fmt(m, "%.*s (UTC)", STR_ARG(town));
	}
	if (minutes % 60 != 0) {
		return str_fmt(m, "%.*s (UTC%s%d:%02d)", STR_ARG(town), off < 0 ? "\u2212" : "+", minutes / 60, minutes % 60);
	}
	return str_fmt(m, "%.*s (UTC%s%d)", STR_ARG(town), off < 0 ? "\u2212" : "+", minutes / 60);
}
