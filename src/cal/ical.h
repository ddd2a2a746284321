/*
 * iCalendar (RFC 5545, RFC 7986): events written as a stream, and read from files as they are found. What is between the two is
 * one neutral struct that knows nothing of our database. Reading never fails for a single bad event: it is left out, and the
 * reader says which line and why.
 */
#ifndef CAL_ICAL_H
#define CAL_ICAL_H

#include "../base/json.h"
#include "cal.h"

enum cal_status {
	CAL_STATUS_NONE, /* nothing said */
	CAL_TENTATIVE,
	CAL_CONFIRMED,
	CAL_CANCELLED
};

struct cal_event {
	struct str uid; /* empty when a file has none */
	int64_t sequence;
	int64_t stamp, created, modified; /* ms; 0: not said */
	enum cal_status status;
	struct str title, body;     /* plain text */
	struct str html;            /* the body as foreign HTML (X-ALT-DESC), not sanitised; read only */
	struct str location, url;
	struct str image, image_alt; /* the address of a picture */
	struct str organizer;       /* a name, never a mail address */
	struct str organizer_url;
	struct str conference;      /* written where given: give it in the feeds of registrants only */
	const struct str *categories;
	size_t n_categories;
	bool has_geo;
	double lat, lon;
	bool hidden; /* CLASS:PRIVATE or CONFIDENTIAL; read only */

	struct cal_moment start, end; /* as in struct cal_series */
	struct str zone;              /* an IANA name; "UTC"; empty for whole days or when nothing is known */
	bool floating;                /* the file names no zone: `zone` is that of the calendar, if any; read only */
	struct str rrule;
	const struct cal_rdate *rdates;
	size_t n_rdates;
	const struct cal_moment *exdates;
	size_t n_exdates;

	/* Occurrences that differ, each a whole event with `on`; of the same UID. */
	const struct cal_event *overrides;
	size_t n_overrides;
	struct cal_moment on; /* of an override, or of one whose series is not in the file: its place in the series */
	bool following;       /* it holds for all that follow, too */

	int64_t line; /* where it begins in the file; read only */
};

/* The series of an event, for cal_expand(); the overrides become exceptions in the same order. Borrows from the event. */
struct cal_series cal_series_of(struct mem *m, const struct cal_event *ev);

/* ---- Writing ---- */

/* What a feed says of itself; all but `name` may be left out. */
struct cal_feed {
	struct str name, text;
	struct str zone;    /* of the site: X-WR-TIMEZONE */
	struct str url;     /* the page of the same list */
	struct str source;  /* the address of the feed itself */
	int refresh;        /* how often to ask again, in minutes; 0: not said */
	int64_t since;      /* ms: the earliest start in the feed, for the zones; 0: unknown, from 2000 on */
	bool publish;       /* METHOD:PUBLISH */
};

struct ical_out {
	struct buf *b;
	write_more *more;
	void *ctx;
	enum err err;
	struct buf line; /* the one being made */
	int since;       /* the first year of zones */
	size_t n_zones;
	const struct cal_zone *zones[64]; /* those written */
};

/* Writes to `b`, and through it to `more` (may be NULL) whenever 64 KiB are full. Memory does not grow with the number of
 * events. `m` holds one line. */
struct ical_out ical_to(struct mem *m, struct buf *b, write_more *more, void *ctx);
void ical_put_head(struct ical_out *o, const struct cal_feed *feed);
/* One event and its overrides; before it the VTIMEZONE of its zone, if not written yet, beginning with the year of `since`.
 * An event of a month or year covers all its days, tentatively; one without a date is left out. */
void ical_put_event(struct ical_out *o, const struct cal_event *ev);
/* Ends the calendar. E_LIMIT when the buf was too small, or the error of `more`. */
enum err ical_done(struct ical_out *o) MUST_USE;
/* The text of a VTIMEZONE, from the first of January of a year on. */
void ical_put_zone(struct ical_out *o, const struct cal_zone *z, int since);

/* ---- Reading ---- */

struct ical_problem {
	int64_t line;     /* from 1 */
	const char *what; /* a sentence to translate; may hold {text} */
	struct str about; /* what stands for {text} */
	bool lost;        /* the event is left out; else it was repaired */
};

struct ical_file {
	struct str name, text, zone, method; /* of the first calendar that says so */
	int refresh;                         /* minutes, 0: not said */
	struct cal_event *events;
	size_t n_events;
	struct ical_problem *problems; /* the first LIMIT_ICAL_PROBLEMS of them */
	size_t n_problems;
	size_t n_lost;   /* events left out */
	size_t n_others; /* tasks, journals, free-busy lists: not read */
	size_t n_calendars;
};

/* Reads a file of any quality: any line ends, UTF-8, UTF-16 or Latin-1, also mixed, ends that are missing. E_INVALID when it is no
 * iCalendar file at all; E_LIMIT over LIMIT_ICAL or LIMIT_ICAL_EVENTS; then problems[0] says why. Time is proportional to
 * the size. */
enum err ical_read(struct mem *m, struct str text, struct ical_file *out) MUST_USE;

#endif
