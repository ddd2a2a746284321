/*
 * Events of other calendars as rows: whatever the format, what is known of an event becomes names and values that the mapping of the
 * agenda knows.
 */
#ifndef EXCHANGE_IMPORT_EVENT_H
#define EXCHANGE_IMPORT_EVENT_H

#include "../../cal/ical.h"
#include "import.h"

/* A row of a neutral event. What iCalendar cannot say may be added to row->raw afterwards. */
void calendar_row(struct mem *m, const struct cal_event *ev, struct import_row *row);
/* An instant or local time as other programs write it ("2026-12-18T18:30:00+01:00", "2026-12-18") on the clock of a zone, which
 * is that of the site when it is NULL. CAL_NONE for no time. */
struct cal_moment event_time(struct str text, const struct cal_zone *z);
/* The zone of the site. */
const struct cal_zone *event_site_zone(void);

/* A reader whose rows are all there. */
struct import_rows {
	VEC(struct import_row) all;
	size_t at;
};
/* The rows of a file are all there already. */
enum err import_next_of(struct import_reader *r, struct mem *m, struct import_row *row, bool *got);

/* An object of JSON that is an event (schema.org, ActivityStreams, OpenAgenda), as a row. False for anything else. */
bool event_shape(struct mem *m, const struct json *v, struct import_row *row);
/* All the events in a value, at some depth. */
void event_collect(struct mem *m, const struct json *v, struct import_rows *rows, int depth);

/* Readers: a calendar file; JSON or a page with events in it. */
MUST_USE enum err import_open_ical(struct import_reader *r);
MUST_USE enum err import_open_events(struct import_reader *r);
MUST_USE enum err import_open_page(struct import_reader *r);
/* The events that a page marks up with microformats (h-event), each as an object of names that event_shape() knows. */
void page_microformats(struct mem *m, struct str page, struct json *out);
/* The whole text of a file, of at most `max` bytes; E_LIMIT with r->what beyond. */
MUST_USE enum err import_whole(struct import_reader *r, size_t max, struct str *out);

#endif
