/* The occurrences of a calendar file as we see them: "UID start end" in UTC, for tests/calendars/run.sh. dates FILE FROM TO (years) */
#include <stdlib.h>

#include "base/limits.h"
#include "cal/ical.h"

static struct str slurp(struct mem *m, const char *path)
{
	struct buf b = buf_make(m, LIMIT_ICAL);
	FILE *f = fopen(path, "rb");
	char piece[65536];
	size_t n;

	while (f && (n = fread(piece, 1, sizeof(piece), f)) > 0) {
		buf_put_bytes(&b, piece, n);
	}
	if (f) {
		(void)fclose(f);
	}
	return buf_str(&b);
}

int main(int argc, char **argv)
{
	struct mem *m = mem_open();
	struct ical_file f;

	if (argc != 4 || ical_read(m, slurp(m, argv[1]), &f) != OK) {
		return 2;
	}
	for (size_t i = 0; i < f.n_events; i++) {
		struct cal_series s = cal_series_of(m, &f.events[i]);
		struct cal_occurrences o;

		if (cal_expand(m, &s, days_of_date(atoi(argv[2]), 1, 1) * TIME_DAY, days_of_date(atoi(argv[3]), 1, 1) * TIME_DAY,
			       LIMIT_OCCURRENCES, &o) != OK) {
			return 1;
		}
		for (size_t k = 0; k < o.n; k++) {
			bool days = o.p[k].start.precision == CAL_DAY;
			struct cal_moment last = o.p[k].end.precision == CAL_DAY ? o.p[k].end : o.p[k].start;
			struct str from = cal_text(m, days ? o.p[k].start : cal_of_utc(NULL, o.p[k].from));
			struct str to = cal_text(m, days ? cal_add_days(last, 1) : cal_of_utc(NULL, o.p[k].to));

			if (!o.p[k].cancelled) {
				printf("%.*s %.*s %.*s\n", STR_ARG(f.events[i].uid), STR_ARG(from), STR_ARG(to));
			}
		}
	}
	mem_close(m);
	return 0;
}
