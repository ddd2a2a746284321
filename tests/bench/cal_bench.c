/*
 * How fast recurrence and iCalendar are: 10,000 series over a year, a feed of 5,000 events, the same feed read again. CPU time,
 * printed; not a test.
 */
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"
#include "cal/ical.h"

static double cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static const char *const rules[] = {
	"FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=MONTHLY;BYMONTHDAY=18",
	"FREQ=DAILY;COUNT=30", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=18", "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271231T225959Z",
	"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=200",
};
static const char *const zones[] = {"Europe/Paris", "America/Sao_Paulo", "Africa/Dakar", "America/New_York", "Africa/Cairo"};

static size_t written;

static enum err count(void *ctx, struct str chunk)
{
	struct buf *all = ctx;

	written += chunk.n;
	buf_put(all, chunk);
	return OK;
}

static void series(struct mem *m)
{
	int64_t from = days_of_date(2027, 1, 1) * TIME_DAY;
	size_t n = 0;
	double began = cpu_ms();

	for (int i = 0; i < 10000; i++) {
		struct mem_mark mark = mem_mark(m);
		struct cal_series s = {.start = {CAL_MINUTE, 2026, 1 + i % 12, 1 + i % 28, 18, 30, 0}, .zone = cal_zone(str_of(zones[i % 5])),
				       .rrule = str_of(rules[i % COUNT(rules)])};
		struct cal_occurrences o;

		s.end = cal_add_minutes(s.start, 90);
		if (cal_expand(m, &s, from, from + 365 * TIME_DAY, 1000, &o) == OK) {
			n += o.n;
		}
		mem_rewind(m, mark);
	}
	printf("10000 series over a year: %zu occurrences, %.1f ms CPU\n", n, cpu_ms() - began);
}

static void feed(struct mem *m, struct buf *all)
{
	struct buf b = buf_make(m, MIB(1));
	struct ical_out o = ical_to(m, &b, count, all);
	double began = cpu_ms();

	ical_put_head(&o, &(struct cal_feed){.name = S("Agenda"), .refresh = 60, .since = days_of_date(2026, 1, 1) * TIME_DAY});
	for (int i = 0; i < 5000; i++) {
		struct cal_event e = {.uid = str_fmt(m, "event-%d@example.org", i), .stamp = 1, .status = CAL_CONFIRMED, .modified = 1,
				      .title = S("Réunion publique : accueillir, apprendre, partager"),
				      .body = S("Une soirée ouverte à toutes et à tous, avec des témoignages, un repas partagé et de la musique.\n"
						"Entrée libre ; traduction en arabe, anglais et langue des signes. Venez nombreuses et nombreux."),
				      .location = S("Maison des associations, 3 rue Haute, 26400 Crest"), .has_geo = true, .lat = 44.73, .lon = 5.02,
				      .url = S("https://example.org/agenda/reunion-publique"), .organizer = S("Collectif Accueil"),
				      .start = {CAL_MINUTE, 2026, 1 + i % 12, 1 + i % 28, 18, 30, 0},
				      .zone = str_of(zones[i % 5]), .rrule = str_of(i % 3 == 0 ? rules[i % COUNT(rules)] : "")};

		e.end = cal_add_minutes(e.start, 90);
		ical_put_event(&o, &e);
	}
	if (ical_done(&o) == OK) {
		printf("feed of 5000 events: %zu bytes, %.1f ms CPU\n", written, cpu_ms() - began);
	}
}

int main(void)
{
	struct mem *m = mem_open();
	struct buf all = buf_make(m, MIB(32));
	struct ical_file f;
	double began;

	for (size_t i = 0; i < COUNT(zones); i++) {
		(void)cal_offset(cal_zone(str_of(zones[i])), 0);
	}
	series(m);
	feed(m, &all);
	began = cpu_ms();
	if (ical_read(m, buf_str(&all), &f) == OK) {
		printf("the same read: %zu events, %.1f ms CPU\n", f.n_events, cpu_ms() - began);
	}
	mem_close(m);
	return 0;
}
