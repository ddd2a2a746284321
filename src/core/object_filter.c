/*
 * Filters in the contract's words, read from the query string: the same for pages, API, feeds, exports and maps.
 */
#include "object.h"

#include "../base/fold.h"
#include "../base/time.h"
#include "../cal/cal.h"
#include "../entity/tree.h"
#include "../entity/value.h"
#include "atlas.h"
#include "theme.h"

static enum err add_filter(struct filter *f, struct str facet, struct str value)
{
	if (f->n_terms >= COUNT(f->terms)) {
		return E_INVALID;
	}
	f->terms[f->n_terms++] = (struct term){facet, value};
	return OK;
}

/* theme=a&theme=b, or theme=a,b */
static enum err read_facet(struct req *rq, struct filter *f, const char *param, struct str facet, const struct field *fd)
{
	struct str v;

	for (size_t i = 0; (v = req_query_at(rq, param, i)).p; i++) {
		for (struct str rest = v; rest.p;) {
			struct str one = str_trim(str_cut(&rest, ','));
			if (!one.n) {
				continue;
			}
			if (fd && fd->type == F_TAGS) {
				one = fold(rq->mem, one);
			} else if (fd && fd->vocabulary && !vocabulary_find(fd->vocabulary, one)) {
				return problem_query(rq, param, N_("One of the filters has a value that does not exist here."));
			}
			if (add_filter(f, facet, one) != OK) {
				return problem_query(rq, param, N_("These are too many filters at once."));
			}
		}
	}
	return OK;
}

static enum err read_bbox(struct req *rq, struct filter *f)
{
	struct str s = req_query(rq, "bbox");
	double v[4];

	if (!s.n) {
		return OK;
	}
	for (int i = 0; i < 4; i++) {
		if (!s.p || !str_to_double(str_trim(str_cut(&s, ',')), &v[i])) {
			return problem_query(rq, "bbox", N_("A box is written west,south,east,north, in degrees."));
		}
	}
	if (s.p || v[1] > v[3] || v[1] < -90 || v[3] > 90 || v[0] < -540 || v[0] > 540 || v[2] < -540 || v[2] > 540) {
		return problem_query(rq, "bbox", N_("A box is written west,south,east,north, in degrees."));
	}
	f->has_bbox = true;
	f->west = v[0];
	f->south = v[1];
	f->east = v[2];
	f->north = v[3];
	if (f->east - f->west >= 360) { /* a map that shows the world more than once */
		f->west = -180;
		f->east = 180;
	}
	return OK;
}

static enum err read_time(struct req *rq, const char *name, int64_t *out)
{
	struct str s = req_query(rq, name);
	struct civil c;

	*out = 0;
	if (!s.n || time_parse(s, out)) {
		return OK;
	}
	if (date_parse(s, &c)) {
		*out = time_of_civil(c);
		return OK;
	}
	return problem_query(rq, name, N_("Dates are written 2026-03-02, or 2026-03-02T18:30:00Z."));
}

/* From or to of what happens: a day is a day where it happens, the last one included; an instant is told in the site's time. */
static enum err read_local(struct req *rq, const char *name, bool last, int64_t *out)
{
	struct str s = req_query(rq, name);
	const struct cal_zone *z = rq->site ? cal_zone(rq->site->time_zone) : NULL;
	struct civil c;

	TRY(read_time(rq, name, out));
	if (s.n && date_parse(s, &c)) {
		*out += last ? TIME_DAY : 0;
	} else if (s.n) {
		*out += z ? (int64_t)cal_offset(z, *out) * TIME_SECOND : 0;
	}
	return OK;
}

static enum err read_territory(struct req *rq, struct filter *f)
{
	struct str s = req_query(rq, "territory");
	struct territory t;

	if (!s.n) {
		return OK;
	}
	if (!atlas_get(atlas_find(s), &t)) { /* typed: a name, or "Name (code)" */
		const struct entity_world *w = entity_world();
		bool several;
		struct str code = w->territory_match ? w->territory_match(rq->mem, s, &several) : STR_NONE;
		if (!code.p || !atlas_get(atlas_find(code), &t)) {
			return problem_query(rq, "territory", N_("This territory is not known: choose one from the list."));
		}
	}
	if (t.former) {
		(void)atlas_get(t.now, &t);
	}
	f->territory = t.code;
	return OK;
}

static enum err read_lang(struct req *rq, struct filter *f)
{
	struct str s = req_query(rq, "lang");

	if (!s.n) {
		return OK;
	}
	f->lang = s.n <= 3 ? lang_match(rq->mem, s) : STR_NONE;
	return f->lang.p ? OK : problem_query(rq, "lang", N_("Use the language's code of two letters, like fr or ar."));
}

static enum err read_order(struct req *rq, struct filter *f)
{
	struct str s = req_query(rq, "sort");

	bool happens = f->entity && f->entity->timed;

	f->order = f->q.n ? BY_RANK : happens && (f->from || f->to) ? BY_START : BY_TITLE;
	if (str_eq(s, S("new"))) {
		f->order = BY_NEW;
	} else if (str_eq(s, S("title"))) {
		f->order = BY_TITLE;
	} else if (str_eq(s, S("start")) && happens) {
		f->order = BY_START;
	} else if (s.n && !str_eq(s, S("rank"))) {
		return problem_query(rq, "sort", N_("Lists are sorted by title, new or rank."));
	}
	return OK;
}

enum err filter_read(struct req *rq, const struct entity *e, struct filter *out)
{
	*out = (struct filter){.entity = e, .q = str_trim(req_query(rq, "q")), .actor = req_query(rq, "actor"),
			       .programme = req_query(rq, "programme")};
	TRY(read_lang(rq, out));
	TRY(read_facet(rq, out, "theme", S("theme"), NULL));
	for (size_t i = 0; i < out->n_terms; i++) {
		if (!theme_find(out->terms[i].value)) {
			return problem_query(rq, "theme", N_("This theme is not one of this site's."));
		}
	}
	for (size_t i = 0; e && i < e->n_fields; i++) {
		const struct field *fd = &e->fields[i];
		if ((fd->flags & FACET) && fd->type != F_THEMES && fd->type != F_TERRITORY && fd->type != F_TERRITORIES) {
			const char *name = str_c(rq->mem, facet_name(fd));
			TRY(read_facet(rq, out, name, facet_name(fd), fd));
			if (!str_eq(str_of(name), str_of(fd->name))) {
				TRY(read_facet(rq, out, fd->name, facet_name(fd), fd));
			}
		}
	}
	TRY(read_territory(rq, out));
	TRY(read_bbox(rq, out));
	TRY(e && e->timed ? read_local(rq, "from", false, &out->from) : read_time(rq, "from", &out->from));
	TRY(e && e->timed ? read_local(rq, "to", true, &out->to) : read_time(rq, "to", &out->to));
	TRY(read_time(rq, "updated_since", &out->updated_since));
	return read_order(rq, out);
}
