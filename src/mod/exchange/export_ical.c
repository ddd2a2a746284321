/*
 * iCalendar of any filter, for kinds that happen. One object is one UID for ever, a series one object with its rule and what
 * differs from it; what was cancelled stays, and says so. Made from the public view: a protected place gives its town only,
 * a host who has not agreed is not named, and no mail address is ever written.
 */
#include "export.h"
#include "record.h"

#include "../../base/limits.h"
#include "../../base/map.h"
#include "../../base/url.h"
#include "../../cal/ical.h"
#include "../../core/theme.h"
#include "../../html/i18n.h"
#include "../../web/req.h"

enum { REFRESH_MINUTES = 60, HOSTS_KEPT = 5000 };

/* Whether a kind has dates to write. */
static bool happens(const struct entity *e)
{
	const struct field *f = entity_field(e, S("start"));

	return f && f->type == F_MOMENT;
}

struct own {
	struct ical_out out;
	struct map hosts; /* slug -> struct str: the title of an actor */
};

static enum err begin(struct export *x)
{
	struct own *own = mem_new(x->mem, struct own);
	struct cal_feed feed = {.zone = x->zone, .url = x->page, .source = x->self, .refresh = REFRESH_MINUTES, .publish = true};

	own->out = ical_to(x->mem, &x->b, x->more, x->ctx);
	own->hosts = map_make(x->mem);
	x->own = own;
	feed.name = str_fmt(x->mem, "%.*s – %.*s", STR_ARG(x->site_name), STR_ARG(tr(lang_catalogue(x->lang), x->entity->label_plural)));
	ical_put_head(&own->out, &feed);
	return own->out.err;
}

/* "event-12@example.org" */
static struct str uid_of(const struct export *x, const struct list_row *row)
{
	struct url_parts u = {0};

	(void)url_split(x->base_url, &u);
	return str_fmt(x->scratch, "%s-%lld@%.*s", row->entity->kind, (long long)row->id, STR_ARG(u.host.n ? u.host : S("localhost")));
}

static struct cal_moment moment(const struct json *j)
{
	struct cal_moment m;

	return cal_parse(json_str(j), &m) ? m : (struct cal_moment){0};
}

/* A part of a text, with what parts it from the one before. */
static void add_part(struct buf *b, const char *sep, struct str part)
{
	if (part.n) {
		buf_put(b, b->n ? str_of(sep) : S(""));
		buf_put(b, part);
	}
}

/* "Maison, 3 rue Haute, 26400 Crest"; the next places behind a semicolon. */
static struct str location_of(const struct export *x, const struct list_row *row, struct view v)
{
	const struct json *places = json_get(v.j, "places");
	struct buf b = buf_make(x->scratch, KIB(8));

	for (size_t i = 0; i < places->n && i < 10; i++) {
		const struct json *p = &places->items[i];
		struct buf one = buf_make(x->scratch, KIB(2));

		add_part(&one, ", ", json_text(p, "label"));
		add_part(&one, ", ", json_text(p, "address"));
		add_part(&one, ", ", json_text(p, "postal_code"));
		add_part(&one, json_text(p, "postal_code").n ? " " : ", ", json_text(p, "town"));
		add_part(&b, "; ", buf_str(&one));
	}
	if (!b.n && row->territory.n && entity_world()->territory_name) {
		add_part(&b, "", entity_world()->territory_name(x->scratch, row->territory, x->lang));
	}
	return buf_str(&b);
}

/* The title of an actor, asked once for each; words that name nobody of the directory stay words. */
static struct str host_name(const struct export *x, struct str name)
{
	struct own *own = x->own;
	const struct entity *e = entity_find(S("actor"));
	const struct str *known = map_get(&own->hosts, name);
	struct str *title;
	struct object ob;
	int64_t id;

	if (known) {
		return *known;
	}
	if (!x->db || !e || own->hosts.n >= HOSTS_KEPT) {
		return name;
	}
	title = mem_new(x->mem, struct str);
	*title = str_dup(x->mem, name);
	if (object_id_of(x->db, x->scratch, e, name, &id) == OK && object_by_id(x->db, x->scratch, id, &ob) == OK) {
		*title = str_dup(x->mem, ob.title);
	}
	map_put(&own->hosts, str_dup(x->mem, name), title);
	return *title;
}

/* The hosts that the view shows: an object of ours by its name, else the word itself. */
static struct str organiser_of(const struct export *x, struct view v)
{
	const struct json *hosts = json_get(v.j, "hosts");
	struct buf b = buf_make(x->scratch, KIB(2));

	for (size_t i = 0; i < hosts->n && i < 10; i++) {
		struct str role = json_text(&hosts->items[i], "role"), name = json_text(&hosts->items[i], "actor");

		if (role.n && !str_eq(role, S("organiser")) && !str_eq(role, S("co_organiser"))) {
			continue;
		}
		add_part(&b, ", ", host_name(x, name));
	}
	return buf_str(&b);
}

static void put_categories(const struct export *x, struct view v, struct cal_event *ev)
{
	const struct json *themes = json_get(v.j, "themes"), *causes = json_get(v.j, "causes");
	struct str *all = mem_array(x->scratch, struct str, themes->n + causes->n);
	size_t n = 0;

	for (size_t i = 0; i < themes->n; i++) {
		all[n++] = theme_name(json_str(&themes->items[i]), x->lang);
	}
	for (size_t i = 0; i < causes->n; i++) {
		all[n++] = json_str(&causes->items[i]);
	}
	ev->categories = all;
	ev->n_categories = n;
}

static enum cal_status status_of(struct str state)
{
	return str_eq(state, S("cancelled")) ? CAL_CANCELLED : str_eq(state, S("postponed")) ? CAL_TENTATIVE : CAL_CONFIRMED;
}

static void put_dates(const struct export *x, struct view v, struct cal_event *ev)
{
	const struct json *more = json_get(v.j, "rdates"), *gone = json_get(v.j, "exdates");
	struct cal_rdate *rdates = mem_array(x->scratch, struct cal_rdate, more->n);
	struct cal_moment *exdates = mem_array(x->scratch, struct cal_moment, gone->n);

	ev->start = moment(json_get(v.j, "start"));
	ev->end = moment(json_get(v.j, "end"));
	ev->zone = json_text(v.j, "zone");
	ev->rrule = json_str(json_get(v.j, "rrule"));
	for (size_t i = 0; i < more->n; i++) {
		rdates[i].start = moment(&more->items[i]);
	}
	for (size_t i = 0; i < gone->n; i++) {
		exdates[i] = moment(&gone->items[i]);
	}
	ev->rdates = rdates;
	ev->n_rdates = more->n;
	ev->exdates = exdates;
	ev->n_exdates = gone->n;
}

/* Each date that differs is a whole event again, with what is particular to it. */
static void put_exceptions(const struct export *x, struct view v, struct cal_event *ev)
{
	const struct json *list = json_get(v.j, "exceptions");
	struct cal_event *all = mem_array(x->scratch, struct cal_event, list->n);
	struct cal_series s = {.start = ev->start, .end = ev->end, .zone = cal_zone(ev->zone)};
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct json *j = &list->items[i];
		struct cal_exception e = {.on = moment(json_get(j, "on")), .start = moment(json_get(j, "start")),
					  .end = moment(json_get(j, "end")), .cancelled = json_true(json_get(j, "cancelled")),
					  .following = json_true(json_get(j, "following"))};
		struct cal_occurrence o;
		struct str note = json_text(j, "note");

		if (!cal_exception_times(&s, &e, &o)) {
			continue;
		}
		all[n] = *ev;
		all[n].on = o.on;
		all[n].start = o.start;
		all[n].end = o.end;
		all[n].following = e.following;
		all[n].status = e.cancelled ? CAL_CANCELLED : ev->status;
		all[n].body = note.n ? str_fmt(x->scratch, "%.*s\n\n%.*s", STR_ARG(note), STR_ARG(ev->body)) : ev->body;
		n++;
	}
	ev->overrides = all;
	ev->n_overrides = n;
}

static struct str first_of(const struct json *list, const char *name)
{
	return json_text(json_at(list, 0), name);
}

/* The short text, then the long one; Markdown reads well as it is. */
static struct str body_of(const struct export *x, const struct list_row *row, struct view v)
{
	struct str first = view_text(v, row->entity, "short", x->lang, row->original_lang, NULL);
	struct str more = view_text(v, row->entity, "body", x->lang, row->original_lang, NULL);
	struct str link = json_text(v.j, "registration_url");
	struct buf b = buf_make(x->scratch, KIB(64));

	add_part(&b, "\n\n", first);
	add_part(&b, "\n\n", more);
	add_part(&b, "\n\n", link);
	return buf_str(&b);
}

static enum err item(struct export *x, const struct list_row *row, struct view v)
{
	struct own *own = x->own;
	struct ical_out *o = &own->out;
	struct cal_event ev = {
		.uid = uid_of(x, row), .stamp = row->updated_at, .created = row->created_at, .modified = row->updated_at,
		/* grows with every change and needs no table: the seconds from its birth to its last change */
		.sequence = (row->updated_at - row->created_at) / TIME_SECOND,
		.title = view_text(v, row->entity, row->entity->title, x->lang, row->original_lang, NULL),
		.body = body_of(x, row, v), .location = location_of(x, row, v),
		.url = record_url(x->scratch, x->base_url, row->entity, row->slug),
		.has_geo = row->has_point, .lat = row->lat, .lon = row->lon, .organizer = organiser_of(x, v),
		.organizer_url = record_url(x->scratch, x->base_url, row->entity, row->slug),
		.status = x->status == ST_PUBLISHED ? status_of(json_text(v.j, "state")) : CAL_CANCELLED,
	};
	struct str picture = first_of(json_get(v.j, "pictures"), "file");

	if (picture.n) {
		ev.image = str_fmt(x->scratch, "%.*s/media/%.*s", STR_ARG(x->base_url), STR_ARG(picture));
	}
	put_categories(x, v, &ev);
	put_dates(x, v, &ev);
	put_exceptions(x, v, &ev);
	ical_put_event(o, &ev);
	return o->err != OK ? o->err : buf_ok(&x->b) && buf_ok(&o->line) ? OK : E_LIMIT;
}

static enum err end(struct export *x)
{
	return ical_done(&((struct own *)x->own)->out);
}

const struct export_format export_ical = {
	.name = "ical", .suffix = ".ics", .mime = "text/calendar; charset=utf-8", .one = true, .fits = happens,
	.begin = begin, .item = item, .end = end,
};
