/*
 * GET /map/data: what the interactive map draws for a box and a zoom. The shape is written at the head of assets/map/map.js.
 */
#include "../../base/json.h"
#include "../../base/limits.h"
#include "../../core/rows.h"
#include "../../core/minimap.h"
#include "map.h"

enum { SUMMARY_CHARS = 140, SUMMARIES = 60 };

static const char *const precisions[] = {"exact", "street", "commune", "departement"};

/* The beginning of a text, to a word's end. */
static struct str beginning(struct mem *m, struct str s)
{
	size_t n = SUMMARY_CHARS;

	if (s.n <= SUMMARY_CHARS) {
		return s;
	}
	while (n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80) {
		n--;
	}
	for (size_t i = n; i > SUMMARY_CHARS / 2; i--) {
		if (s.p[i] == ' ') {
			n = i;
			break;
		}
	}
	return str_fmt(m, "%.*s…", (int)n, s.p);
}

static void put_point(struct json_out *o, double lat, double lon)
{
	json_put_key(o, S("lat"));
	json_put_fixed(o, lat, 5);
	json_put_key(o, S("lon"));
	json_put_fixed(o, lon, 5);
}

static void put_optional(struct json_out *o, struct str key, struct str s)
{
	if (s.n) {
		json_put_kv_str(o, key, s);
	}
}

static void put_mark(struct req *rq, struct json_out *o, const struct map_mark *mk, bool summary)
{
	const struct list_row *r = &mk->row;

	json_put_object(o);
	json_put_kv_str(o, S("id"), str_fmt(rq->mem, mk->at.pos ? "%lld.%d" : "%lld", (long long)r->id, mk->at.pos));
	put_point(o, mk->at.lat, mk->at.lon);
	json_put_kv_str(o, S("title"), r->title);
	json_put_kv_str(o, S("url"), object_link(rq, r->entity, r->slug).s);
	json_put_kv_str(o, S("kind"), str_of(r->entity->kind));
	json_put_kv_str(o, S("precision"), str_of(precisions[mk->at.precision]));
	json_put_kv_str(o, S("icon"), str_of(row_icon(r)));
	put_optional(o, S("label"), row_kind(rq, r));
	put_optional(o, S("place"), territory_words(rq, r->territory));
	if (summary) {
		put_optional(o, S("summary"), beginning(rq->mem, r->summary));
	}
	if (!str_eq(r->lang, str_of(rq->lang))) {
		put_optional(o, S("lang"), r->lang);
	}
	json_put_object_end(o);
}

/* The named marks of a cluster, read from the database. */
static enum err read_items(struct req *rq, const struct points_cluster *c, struct map_mark **marks, size_t *n)
{
	*marks = mem_array(rq->mem, struct map_mark, c->n_items + 1);
	return map_marks_read(rq, c->items, c->n_items, *marks, n);
}

static enum err put_marks(struct req *rq, struct json_out *o, const struct points_answer *a)
{
	struct map_mark *marks;
	size_t singles = 0, n;

	for (size_t i = 0; i < a->n; i++) {
		singles += a->clusters[i].n == 1;
	}
	json_put_key(o, S("marks"));
	json_put_array(o);
	for (size_t i = 0; i < a->n; i++) {
		if (a->clusters[i].n == 1) {
			TRY(read_items(rq, &a->clusters[i], &marks, &n));
			for (size_t k = 0; k < n; k++) {
				put_mark(rq, o, &marks[k], singles <= SUMMARIES);
			}
		}
	}
	json_put_array_end(o);
	return OK;
}

static enum err put_cluster(struct req *rq, struct json_out *o, const struct points_cluster *c)
{
	struct map_mark *marks;
	size_t n;

	json_put_object(o);
	put_point(o, c->lat, c->lon);
	json_put_kv_i64(o, S("count"), c->n);
	json_put_key(o, S("bbox"));
	json_put_array(o);
	json_put_fixed(o, c->west, 5);
	json_put_fixed(o, c->south, 5);
	json_put_fixed(o, c->east, 5);
	json_put_fixed(o, c->north, 5);
	json_put_array_end(o);
	if (c->n_items) {
		TRY(read_items(rq, c, &marks, &n));
		json_put_key(o, S("items"));
		json_put_array(o);
		for (size_t k = 0; k < n; k++) {
			put_mark(rq, o, &marks[k], false);
		}
		json_put_array_end(o);
	}
	json_put_object_end(o);
	return OK;
}

enum err map_data(struct req *rq)
{
	struct points_query q = {.west = -180, .south = -90, .east = 180, .north = 90};
	struct points_answer a;
	struct map_read r;
	struct buf b = buf_make(rq->mem, MIB(1));
	struct json_out o = json_to(&b);
	int64_t zoom;

	TRY(map_read(rq, &r));
	if (r.filter->has_bbox) {
		q.west = r.filter->west;
		q.south = r.filter->south;
		q.east = r.filter->east;
		q.north = r.filter->north;
	}
	TRY(req_query_int(rq, "zoom", minimap_zoom((struct svgmap_box){q.west, q.south, q.east, q.north}, 800, 600), 0, 24, &zoom));
	q.zoom = (int)zoom;
	q.filters = r.filters;
	q.n_filters = r.n_filters;
	TRY(points_find(rq->db, rq->mem, &q, &a));
	json_put_object(&o);
	TRY(put_marks(rq, &o, &a));
	json_put_key(&o, S("clusters"));
	json_put_array(&o);
	for (size_t i = 0; i < a.n; i++) {
		if (a.clusters[i].n > 1) {
			TRY(put_cluster(rq, &o, &a.clusters[i]));
		}
	}
	json_put_array_end(&o);
	json_put_kv_i64(&o, S("total"), a.total);
	json_put_object_end(&o);
	TRY(json_done(&o));
	return reply(rq, "application/json", buf_str(&b));
}
