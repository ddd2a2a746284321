/*
 * The reader of what is XML: GPX (points, routes, tracks), KML (placemarks, by folder), RSS and Atom with places (GeoRSS).
 * Whatever the tool, a row is an element of one of a few names; lines and areas become the middle of their points. One row is in memory at a
 * time, and of a track of any length only the sum of its points.
 */
#include "import_event.h"

#include "../../base/limits.h"
#include "../../entity/tree.h"
#include "../../html/i18n.h"
#include "../../html/xml.h"

enum { FOLDERS_MAX = 20, VALUES_MAX = 400 };

struct walk {
	struct xml_in *in;
	struct str folders[FOLDERS_MAX]; /* names, outermost first */
	int n_folders;
};

/* A row on its way. */
struct element {
	struct import_reader *r;
	struct mem *mem;
	struct json *raw;
	struct str id, data;  /* data: the name that <Data> or <SimpleData> gives its value */
	struct buf text;      /* of the element that is open */
	int depth;            /* of the row itself */
	double lat, lon;
	double first_lat, first_lon;
	int64_t points;
	bool feed;
};

static bool is_row(struct str name)
{
	static const char *const names[] = {"wpt", "rte", "trk", "Placemark", "item", "entry"};

	for (size_t i = 0; i < COUNT(names); i++) {
		if (str_eq(name, str_of(names[i]))) {
			return true;
		}
	}
	return false;
}

static enum err refuse(struct import_reader *r, enum err e)
{
	struct walk *w = r->own;

	if (e == E_INVALID || e == E_LIMIT) {
		r->what = e == E_LIMIT		? N_("One element of this file is too large.")
			  : xml_declares(w->in) ? N_("This file declares a document type of its own: such files are not read.")
						: N_("This file is not whole: it breaks off or is not XML.");
		r->what_line = xml_line(w->in);
	}
	return e;
}

/* ---- points ---------------------------------------------------------------------------------------------------------- */

static void add_point(struct element *el, double lat, double lon)
{
	el->points++;
	if (el->points == 1) {
		el->first_lat = lat;
		el->first_lon = lon;
	}
	el->lat += lat;
	el->lon += lon;
}

static void point_of_attributes(struct element *el, struct xml_in *in)
{
	double lat, lon;

	if (str_to_double(str_trim(xml_attr(in, el->mem, "lat")), &lat) && str_to_double(str_trim(xml_attr(in, el->mem, "lon")), &lon)) {
		add_point(el, lat, lon);
	}
}

/* The next number of a list parted by spaces or commas. */
static bool next_number(struct str *s, double *out)
{
	size_t i = 0, from;

	while (i < s->n && strchr(" \t\r\n,", s->p[i])) {
		i++;
	}
	for (from = i; i < s->n && !strchr(" \t\r\n,", s->p[i]);) {
		i++;
	}
	if (i == from || !str_to_double(str_sub(*s, from, i - from), out)) {
		return false;
	}
	*s = str_sub(*s, i, s->n);
	return true;
}

/* "lon,lat,height lon,lat" of KML; an area's last point repeats its first. */
static void points_of_kml(struct element *el, struct str text)
{
	double lat = 0, lon = 0;
	int64_t before = el->points;

	while (text.n) {
		size_t i = 0;
		struct str one;

		text = str_trim(text);
		while (i < text.n && !strchr(" \t\r\n", text.p[i])) {
			i++;
		}
		one = str_sub(text, 0, i);
		text = str_sub(text, i, text.n);
		if (next_number(&one, &lon) && next_number(&one, &lat)) {
			add_point(el, lat, lon);
		}
	}
	if (el->points - before > 1 && lat - el->first_lat < 1e-12 && el->first_lat - lat < 1e-12 && lon - el->first_lon < 1e-12 &&
	    el->first_lon - lon < 1e-12) {
		el->points--;
		el->lat -= lat;
		el->lon -= lon;
	}
}

/* "lat lon lat lon" of GeoRSS. */
static void points_of_georss(struct element *el, struct str text)
{
	double lat, lon;

	while (next_number(&text, &lat) && next_number(&text, &lon)) {
		add_point(el, lat, lon);
	}
}

/* ---- values ---------------------------------------------------------------------------------------------------------- */

/* What drawing programs say of how it looks, and what has no meaning outside. */
static bool is_ignored(struct str name)
{
	static const char *const names[] = {"styleUrl", "sym", "ele", "time", "visibility", "open", "number", "when", "tessellate",
					    "altitudeMode", "extrude", "drawOrder", "begin", "end", "hdop", "vdop", "pdop", "sat",
					    "fix", "magvar", "geoidheight"};

	for (size_t i = 0; i < COUNT(names); i++) {
		if (str_eq(name, str_of(names[i]))) {
			return true;
		}
	}
	return false;
}

struct other_name {
	const char *name, *is;
};

/* Names as the mapping knows them. */
static struct str plain_name(struct str name)
{
	static const struct other_name names[] = {{"desc", "description"}, {"Snippet", "summary"}, {"phoneNumber", "phone"},
						  {"content", "description"}, {"encoded", "description"}, {"link", "website"}, {"category", "tags"},
						  {"cmt", "comment"}, {"startdate", "start"}, {"dtstart", "start"}, {"enddate", "end"},
						  {"dtend", "end"}};

	for (size_t i = 0; i < COUNT(names); i++) {
		if (str_eq(name, str_of(names[i].name))) {
			return str_of(names[i].is);
		}
	}
	return name;
}

static void put(struct element *el, struct str name, struct str text)
{
	const struct json *had;

	text = str_trim(text);
	if (!text.n || !name.n || el->raw->n >= VALUES_MAX) {
		return;
	}
	name = str_dup(el->mem, plain_name(name));
	text = str_dup(el->mem, text);
	if (str_eq(name, S("start")) || str_eq(name, S("end"))) {
		struct cal_moment at = event_time(text, NULL);

		text = at.precision == CAL_NONE ? text : cal_text(el->mem, at); /* events of feeds, on the site's clock */
	}
	had = tree_get(el->raw, name);
	if (had->kind == JSON_IS_NONE) {
		tree_set(el->mem, el->raw, name, tree_str(text));
	} else if (str_eq(name, S("tags"))) {
		struct json both = tree_array();

		for (size_t i = 0; had->kind == JSON_IS_ARRAY && i < had->n; i++) {
			tree_add(el->mem, &both, had->items[i]);
		}
		if (had->kind == JSON_IS_STRING) {
			tree_add(el->mem, &both, *had);
		}
		tree_add(el->mem, &both, tree_str(text));
		tree_set(el->mem, el->raw, name, both);
	}
}

static void begins(struct element *el, struct xml_in *in, struct str name)
{
	buf_reset(&el->text);
	if (str_eq(name, S("trkpt")) || str_eq(name, S("rtept"))) {
		point_of_attributes(el, in);
	} else if (str_eq(name, S("Data")) || str_eq(name, S("SimpleData"))) {
		el->data = xml_attr(in, el->mem, "name");
	} else if (str_eq(name, S("link")) && xml_depth(in) == el->depth + 1) {
		struct str rel = xml_attr(in, el->mem, "rel");

		if (!rel.n || str_eq(rel, S("alternate"))) {
			put(el, S("link"), xml_attr(in, el->mem, "href"));
		}
	} else if (str_eq(name, S("category"))) {
		put(el, S("category"), xml_attr(in, el->mem, "term"));
	}
}

/* True for the places that GeoRSS and its elder brother write. */
static bool place_of_feed(struct element *el, struct str name, struct str text)
{
	if (str_eq(name, S("lat")) || str_eq(name, S("long"))) {
		tree_set(el->mem, el->raw, str_eq(name, S("lat")) ? S(RAW_LAT) : S(RAW_LON), tree_str(str_dup(el->mem, text)));
		return true;
	}
	if (str_eq(name, S("point")) || str_eq(name, S("pos")) || str_eq(name, S("line")) || str_eq(name, S("polygon")) ||
	    str_eq(name, S("posList"))) {
		points_of_georss(el, text);
		return true;
	}
	return false;
}

static void ends(struct element *el, int depth, struct str name)
{
	struct str text = str_trim(buf_str(&el->text));

	if (str_eq(name, S("coordinates"))) {
		points_of_kml(el, text);
	} else if (str_eq(name, S("coord"))) {
		double lat, lon;

		if (next_number(&text, &lon) && next_number(&text, &lat)) {
			add_point(el, lat, lon);
		}
	} else if (str_eq(name, S("value")) || str_eq(name, S("SimpleData"))) {
		put(el, el->data, text);
	} else if (el->feed && place_of_feed(el, name, text)) {
		buf_reset(&el->text);
		return;
	} else if (str_eq(name, S("guid")) || str_eq(name, S("id"))) {
		el->id = el->id.n ? el->id : str_dup(el->mem, text);
	} else if (depth == el->depth + 1 && !is_ignored(name)) {
		put(el, name, text);
	}
	buf_reset(&el->text);
}

static void settle(struct element *el)
{
	if (el->points) {
		tree_set(el->mem, el->raw, S(RAW_LAT), tree_fixed(el->mem, el->lat / (double)el->points, 6));
		tree_set(el->mem, el->raw, S(RAW_LON), tree_fixed(el->mem, el->lon / (double)el->points, 6));
	}
}

static enum err read_element(struct import_reader *r, struct mem *m, struct str name, struct import_row *row)
{
	struct walk *w = r->own;
	struct element el = {.r = r, .mem = m, .raw = &row->raw, .depth = xml_depth(w->in), .id = STR_NONE, .data = STR_NONE,
			     .text = buf_make(m, LIMIT_DOC), .feed = str_eq(name, S("item")) || str_eq(name, S("entry"))};
	enum xml_token token;
	struct str text;

	*row = (struct import_row){.raw = tree_object(), .line = xml_line(w->in)};
	el.id = str_eq(name, S("Placemark")) ? xml_attr(w->in, m, "id") : STR_NONE;
	if (str_eq(name, S("wpt"))) {
		point_of_attributes(&el, w->in);
	}
	for (;;) {
		TRY(xml_next(w->in, &token, &text));
		if (token == XML_DONE || (token == XML_END && xml_depth(w->in) <= el.depth)) {
			break;
		}
		if (token == XML_START) {
			begins(&el, w->in, text);
		} else if (token == XML_TEXT) {
			buf_put(&el.text, text);
		} else {
			ends(&el, xml_depth(w->in), text);
		}
		if (!buf_ok(&el.text)) {
			return E_LIMIT;
		}
	}
	settle(&el);
	row->id = el.id;
	if (w->n_folders && w->folders[w->n_folders - 1].n) {
		tree_set(m, &row->raw, S(RAW_LAYER), tree_str(str_dup(m, w->folders[w->n_folders - 1])));
	}
	return OK;
}

/* The name of a folder stands before what it holds. */
static enum err folder_name(struct import_reader *r)
{
	struct walk *w = r->own;
	enum xml_token token = XML_START;
	struct str text;
	struct buf b = buf_make(r->mem, 500);

	while (token != XML_END && token != XML_DONE) {
		TRY(xml_next(w->in, &token, &text));
		if (token == XML_TEXT) {
			buf_put(&b, text);
		}
	}
	if (w->n_folders && !w->folders[w->n_folders - 1].n && buf_ok(&b)) {
		w->folders[w->n_folders - 1] = str_trim(buf_str(&b));
	}
	return OK;
}

static enum err step(struct import_reader *r, struct mem *m, struct import_row *row, bool *got, bool *over)
{
	struct walk *w = r->own;
	enum xml_token token;
	struct str text;

	TRY(xml_next(w->in, &token, &text));
	if (token == XML_DONE) {
		*over = true;
	} else if (token == XML_START && is_row(text)) {
		*got = true;
		return read_element(r, m, str_dup(m, text), row);
	} else if (token == XML_START && str_eq(text, S("Folder"))) {
		if (w->n_folders == FOLDERS_MAX) {
			return E_LIMIT;
		}
		w->folders[w->n_folders++] = STR_NONE;
	} else if (token == XML_START && w->n_folders && str_eq(text, S("name"))) {
		return folder_name(r);
	} else if (token == XML_END && str_eq(text, S("Folder")) && w->n_folders) {
		w->n_folders--;
	}
	return OK;
}

static enum err next(struct import_reader *r, struct mem *m, struct import_row *row, bool *got)
{
	bool over = false;

	*got = false;
	while (!*got && !over) {
		enum err e = step(r, m, row, got, &over);

		if (e != OK) {
			*got = false;
			return refuse(r, e);
		}
	}
	return OK;
}

enum err import_open_xml(struct import_reader *r)
{
	struct walk *w = mem_new(r->mem, struct walk);

	r->own = w;
	r->next = next;
	r->bytes.raw = true;
	w->in = xml_open(r->mem, import_more, &r->bytes);
	return OK;
}
