/*
 * The room of the site itself: its home page, the pages its administrator wrote, what robots read.
 */
#ifndef MOD_SITE_ROOM_H
#define MOD_SITE_ROOM_H

#include "../../core/object.h"
#include "../../web/site.h"

extern const struct module site_module;

struct home_block {
	struct str title, slug;
	struct html body;
};

struct home_page {
	struct str title;              /* of the hero */
	struct html lede;              /* its text, links included */
	struct html map;               /* who acts where; empty when nothing has a place */
	struct home_block *blocks;     /* the others */
	size_t n_blocks;
	int64_t actors, practices, resources;
	struct list_row *newest;
	size_t n_newest;
	struct list_row *stories;
	size_t n_stories;
	const struct vocabulary *services;
};

struct written_page {
	struct str title;
	struct html body;
	bool fallback;
	struct str lang;
	struct personal *personal;     /* the privacy page tells every field that holds personal data */
	size_t n_personal;
};

struct personal {
	struct str kind, field, purpose, keep;
};

/* robots.txt, sitemaps, security.txt, the web manifest, OpenSearch. */
enum err robots_txt(struct req *rq);
enum err sitemap_index(struct req *rq);
enum err sitemap_part(struct req *rq);
enum err manifest_json(struct req *rq);
enum err opensearch_xml(struct req *rq);
enum err security_txt(struct req *rq);

#endif
