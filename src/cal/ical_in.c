/*
 * iCalendar read: twice, first for the zones of the file, which may stand behind their use, then for the events. Memory grows with
 * the events kept, not with what else the file holds.
 */
#include "../base/limits.h"
#include "../base/utf8.h"
#include "ical_part.h"
#include "part.h"

enum where { AT_ROOT, IN_CALENDAR, IN_EVENT, IN_OTHER };

struct state {
	struct ical_in *in;
	enum where stack[LIMIT_ICAL_DEPTH];
	struct str names[LIMIT_ICAL_DEPTH]; /* what END has to say */
	size_t depth;
	struct ical_raw_event *event; /* the one being read */
	struct str *open_text;        /* what a stray line belongs to */
	bool any;                     /* something of iCalendar was seen */
	bool told_stray;
};

void ical_problem(struct ical_in *in, int64_t line, bool lost, const char *what, struct str about)
{
	in->out->n_lost += lost;
	if (in->problems.n < LIMIT_ICAL_PROBLEMS) {
		*vec_add(in->mem, &in->problems) =
			(struct ical_problem){.line = line, .what = what, .about = str_dup(in->mem, about), .lost = lost};
	}
}

static enum where where(const struct state *s)
{
	return s->depth == 0 ? AT_ROOT : s->stack[s->depth - 1];
}

static void close_event(struct state *s)
{
	if (s->event == NULL) {
		return;
	}
	s->event = NULL;
	s->open_text = NULL;
}

static void pop(struct state *s)
{
	if (s->depth > 0) {
		s->depth--;
		if (s->stack[s->depth] == IN_EVENT) {
			close_event(s);
		}
	}
}

static void open_event(struct state *s, int64_t line)
{
	struct ical_in *in = s->in;

	if (s->event != NULL) {
		ical_problem(in, s->event->ev.line, false, N_("The event has no end of its own; it ends where the next begins."),
			     STR_NONE);
		while (s->depth > 0 && s->event != NULL) {
			pop(s);
		}
		close_event(s);
	}
	if (in->raw.n >= LIMIT_ICAL_EVENTS) {
		in->err = E_LIMIT;
		return;
	}
	s->event = vec_add(in->mem, &in->raw);
	s->event->ev.line = line;
	s->event->place = in->raw.n;
}

static void begin(struct state *s, const struct ical_prop *p)
{
	struct str what = str_trim(p->value);
	enum where to = IN_OTHER;

	s->any = true;
	if (str_ieq(what, S("VEVENT"))) {
		open_event(s, p->line);
		to = IN_EVENT;
	} else if (str_ieq(what, S("VCALENDAR"))) {
		if (s->event != NULL) {
			ical_problem(s->in, s->event->ev.line, false,
				     N_("The event has no end of its own; it ends where the next begins."), STR_NONE);
		}
		close_event(s);
		s->depth = 0;
		to = IN_CALENDAR;
		s->in->out->n_calendars++;
	} else if (where(s) == IN_CALENDAR || where(s) == AT_ROOT) {
		s->in->out->n_others += !str_ieq(what, S("VTIMEZONE"));
	}
	if (s->depth == LIMIT_ICAL_DEPTH) {
		ical_problem(s->in, p->line, false, N_("There is too much inside each other here; it is left out."), STR_NONE);
		return;
	}
	s->names[s->depth] = str_dup(s->in->mem, str_sub(what, 0, 40));
	s->stack[s->depth++] = to;
}

static void end(struct state *s, const struct ical_prop *p)
{
	struct str what = str_sub(str_trim(p->value), 0, 40);
	size_t at = s->depth;

	while (at > 0 && !str_ieq(s->names[at - 1], what)) {
		at--;
	}
	if (at == 0) {
		ical_problem(s->in, p->line, false, N_("“{text}” ends here and has not begun."), what);
		return;
	}
	while (s->depth >= at && s->depth > 0) {
		pop(s);
	}
}

static void calendar_prop(struct state *s, const struct ical_prop *p)
{
	struct ical_in *in = s->in;
	struct ical_file *out = in->out;
	struct str *to = str_ieq(p->name, S("X-WR-CALNAME")) || str_ieq(p->name, S("NAME"))           ? &out->name
			 : str_ieq(p->name, S("X-WR-CALDESC")) || str_ieq(p->name, S("DESCRIPTION")) ? &out->text
			 : str_ieq(p->name, S("X-WR-TIMEZONE"))                                        ? &out->zone
			 : str_ieq(p->name, S("METHOD"))                                               ? &out->method
												       : NULL;
	int64_t seconds;

	if (to != NULL && to->n == 0) {
		struct str line;

		*to = utf8_clean_line(in->mem, ical_text(in->mem, p->value), &line) == OK ? line : S("");
	} else if ((str_ieq(p->name, S("REFRESH-INTERVAL")) || str_ieq(p->name, S("X-PUBLISHED-TTL"))) &&
		   ical_duration(p->value, &seconds) && seconds > 0) {
		out->refresh = (int)(seconds / 60);
	}
}

/* A line that is none: text that someone broke without folding it. */
static void stray(struct state *s, const struct ical_prop *p)
{
	struct ical_in *in = s->in;

	if (s->open_text != NULL && s->open_text->n + p->value.n < LIMIT_ICAL_LINE) {
		*s->open_text = str_fmt(in->mem, "%.*s\n%.*s", STR_ARG(*s->open_text), STR_ARG(ical_text(in->mem, p->value)));
		return;
	}
	if (s->any && !s->told_stray) {
		ical_problem(in, p->line, false, N_("This line says nothing that a calendar knows: “{text}”."),
			     utf8_cut(p->value, 60));
		s->told_stray = true;
	}
}

static void event_prop(struct state *s, const struct ical_prop *p)
{
	ical_event_prop(s->in, s->event, p);
	s->open_text = str_ieq(p->name, S("DESCRIPTION")) ? &s->event->ev.body : NULL;
}

static void read_events(struct state *s, struct str text)
{
	struct mem *scratch = mem_open();
	struct ical_lines lines = ical_lines(s->in->mem, text);
	struct ical_prop p;

	while (s->in->err == OK && ical_next(scratch, &lines, &p)) {
		if (p.odd) {
			stray(s, &p);
		} else if (str_ieq(p.name, S("BEGIN"))) {
			begin(s, &p);
		} else if (str_ieq(p.name, S("END"))) {
			end(s, &p);
		} else if (where(s) == IN_CALENDAR) {
			calendar_prop(s, &p);
		} else if (where(s) == IN_EVENT && s->event != NULL) {
			event_prop(s, &p);
		}
		mem_reset(scratch);
	}
	mem_close(scratch);
	if (s->event != NULL) {
		ical_problem(s->in, s->event->ev.line, false, N_("The file stops within this event; it is kept as far as it goes."),
			     STR_NONE);
	}
}

enum err ical_read(struct mem *m, struct str text, struct ical_file *out)
{
	struct ical_in in = {.mem = m, .out = out, .work = LIMIT_ICAL_WORK};
	struct state s = {.in = &in};

	*out = (struct ical_file){0};
	if (text.n > LIMIT_ICAL) {
		ical_problem(&in, 1, false, N_("The file is too large."), STR_NONE);
		in.err = E_LIMIT;
	} else {
		in.zones = ical_zones(m, text);
		read_events(&s, text);
		if (in.err == E_LIMIT) {
			ical_problem(&in, 1, false, N_("The file has too many events."), STR_NONE);
		} else if (!s.any) {
			ical_problem(&in, 1, false, N_("This is no calendar file: it has no line “BEGIN:VCALENDAR”."), STR_NONE);
			in.err = E_INVALID;
		}
	}
	if (in.err == OK) {
		ical_group(&in);
	}
	out->problems = in.problems.p;
	out->n_problems = in.problems.n;
	return in.err;
}
