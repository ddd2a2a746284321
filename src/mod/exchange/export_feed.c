/*
 * RSS 2.0 and Atom of any filter, newest first. An entry keeps its identity for ever (a tag: address of its number), whatever
 * becomes of its title; its text is in the reader's language where there is a translation.
 */
#include "export.h"
#include "record.h"

#include "../../base/limits.h"
#include "../../base/time.h"
#include "../../base/url.h"
#include "../../base/utf8.h"
#include "../../core/theme.h"
#include "../../entity/tree.h"
#include "../../html/i18n.h"
#include "../../web/req.h"

/* Text of XML: the five marks escaped, characters that XML 1.0 does not know left out. */
static void put_xml(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		switch (c) {
		case '&':
			buf_put(b, S("&amp;"));
			break;
		case '<':
			buf_put(b, S("&lt;"));
			break;
		case '>':
			buf_put(b, S("&gt;"));
			break;
		case '"':
			buf_put(b, S("&quot;"));
			break;
		default:
			if (c >= ' ' || c == '\n' || c == '\t') {
				buf_put_c(b, (char)c);
			}
		}
	}
}

static void put_tag(struct buf *b, const char *name, struct str text)
{
	buf_fmt(b, "<%s>", name);
	put_xml(b, text);
	buf_fmt(b, "</%s>\n", name);
}

/* "tag:example.org,2026:actor/12": the year is the entry's own, so it does not depend on anything that changes. */
static struct str entry_id(const struct export *x, const struct list_row *row)
{
	struct url_parts u = {0};
	struct civil c = time_civil(row->created_at);

	(void)url_split(x->base_url, &u);
	return str_fmt(x->scratch, "tag:%.*s,%04d:%s/%lld", STR_ARG(u.host.n ? u.host : S("localhost")), c.year, row->entity->kind,
		       (long long)row->id);
}

static struct str feed_title(const struct export *x)
{
	struct str label = tr(lang_catalogue(x->lang), x->entity->label_plural);

	return str_fmt(x->mem, "%.*s – %.*s", STR_ARG(x->site_name), STR_ARG(label));
}

/* The summary, else the beginning of the longest text there is. */
static struct str words_of(const struct export *x, const struct list_row *row, struct view v)
{
	const struct entity *e = row->entity;

	if (row->summary.n) {
		return row->summary;
	}
	for (size_t i = 0; i < e->n_fields; i++) {
		struct str text = e->fields[i].type == F_MARKDOWN
					  ? view_text(v, e, e->fields[i].name, x->lang, row->original_lang, NULL)
					  : STR_NONE;
		if (text.n) {
			return utf8_cut(text, 600);
		}
	}
	return S("");
}

static void put_themes(struct export *x, const char *open, const char *close, struct view v)
{
	const struct json *themes = json_get(v.j, "themes");

	for (size_t i = 0; i < themes->n; i++) {
		buf_put(&x->b, str_of(open));
		put_xml(&x->b, theme_name(themes->items[i].text, x->lang));
		buf_put(&x->b, str_of(close));
	}
}

static void put_point(struct export *x, const struct list_row *row)
{
	if (row->has_point) {
		buf_put(&x->b, S("<georss:point>"));
		buf_put_fixed(&x->b, row->lat, 6);
		buf_put_c(&x->b, ' ');
		buf_put_fixed(&x->b, row->lon, 6);
		buf_put(&x->b, S("</georss:point>\n"));
	}
}

static int64_t published(const struct list_row *row)
{
	return row->published_at ? row->published_at : row->created_at;
}

/* ---- RSS ------------------------------------------------------------------------------------------------------------- */

static enum err rss_begin(struct export *x)
{
	struct buf *b = &x->b;

	buf_put(b, S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" "
		     "xmlns:georss=\"http://www.georss.org/georss\">\n<channel>\n"));
	put_tag(b, "title", feed_title(x));
	put_tag(b, "link", x->page);
	put_tag(b, "description", feed_title(x));
	put_tag(b, "language", str_of(x->lang));
	buf_put(b, S("<atom:link rel=\"self\" type=\"application/rss+xml\" href=\""));
	put_xml(b, x->self);
	buf_put(b, S("\"/>\n"));
	return OK;
}

static enum err rss_item(struct export *x, const struct list_row *row, struct view v)
{
	struct buf *b = &x->b;

	buf_put(b, S("<item>\n"));
	put_tag(b, "title", row->title);
	put_tag(b, "link", record_url(x->scratch, x->base_url, row->entity, row->slug));
	buf_put(b, S("<guid isPermaLink=\"false\">"));
	put_xml(b, entry_id(x, row));
	buf_put(b, S("</guid>\n"));
	put_tag(b, "description", words_of(x, row, v));
	put_themes(x, "<category>", "</category>\n", v);
	buf_put(b, S("<pubDate>"));
	buf_put_http_date(b, published(row));
	buf_put(b, S("</pubDate>\n"));
	put_point(x, row);
	buf_put(b, S("</item>\n"));
	return export_flush(x, false);
}

static enum err rss_end(struct export *x)
{
	buf_put(&x->b, S("</channel>\n</rss>\n"));
	return export_flush(x, true);
}

const struct export_format export_rss = {
	.name = "rss", .suffix = ".rss", .mime = "application/rss+xml; charset=utf-8", .feed = true,
	.begin = rss_begin, .item = rss_item, .end = rss_end,
};

/* ---- Atom ------------------------------------------------------------------------------------------------------------ */

static void put_instant(struct buf *b, const char *name, int64_t at)
{
	buf_fmt(b, "<%s>", name);
	buf_put_time(b, at);
	buf_fmt(b, "</%s>\n", name);
}

static void put_link(struct buf *b, const char *rel, const char *type, struct str href)
{
	buf_fmt(b, "<link rel=\"%s\" type=\"%s\" href=\"", rel, type);
	put_xml(b, href);
	buf_put(b, S("\"/>\n"));
}

static enum err atom_begin(struct export *x)
{
	struct buf *b = &x->b;

	buf_fmt(b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" "
		   "xmlns:georss=\"http://www.georss.org/georss\" xml:lang=\"%s\">\n", x->lang);
	put_tag(b, "id", x->self);
	put_tag(b, "title", feed_title(x));
	put_instant(b, "updated", x->now);
	put_link(b, "self", "application/atom+xml", x->self);
	put_link(b, "alternate", "text/html", x->page);
	buf_put(b, S("<author>"));
	put_tag(b, "name", x->site_name);
	buf_put(b, S("</author>\n"));
	return OK;
}

static enum err atom_item(struct export *x, const struct list_row *row, struct view v)
{
	struct buf *b = &x->b;

	buf_fmt(b, "<entry xml:lang=\"%.*s\">\n", STR_ARG(row->lang));
	put_tag(b, "id", entry_id(x, row));
	put_tag(b, "title", row->title);
	put_instant(b, "updated", row->updated_at);
	put_instant(b, "published", published(row));
	put_link(b, "alternate", "text/html", record_url(x->scratch, x->base_url, row->entity, row->slug));
	put_tag(b, "summary", words_of(x, row, v));
	put_themes(x, "<category term=\"", "\"/>\n", v);
	put_point(x, row);
	buf_put(b, S("</entry>\n"));
	return export_flush(x, false);
}

static enum err atom_end(struct export *x)
{
	buf_put(&x->b, S("</feed>\n"));
	return export_flush(x, true);
}

const struct export_format export_atom = {
	.name = "atom", .suffix = ".atom", .mime = "application/atom+xml; charset=utf-8", .feed = true,
	.begin = atom_begin, .item = atom_item, .end = atom_end,
};
