/*
 * The site as its administrator set it up: an immutable snapshot, made by core/setting.c from the database at start and
 * after each change, read by every request (rq->site) without a lock. Here and not in core/ because the layout, the
 * problem pages and the sessions need it.
 */
#ifndef WEB_SITE_H
#define WEB_SITE_H

#include "../base/str.h"
#include "../crypt/crypt.h"

enum { SITE_LANGS = 5 };

/* A text in each of the interface languages, in the order of site_langs; empty where there is none. */
struct site_text {
	struct str in[SITE_LANGS];
};
/* "fr", "en", "es", "pt", "ar", in this order everywhere. */
extern const char *const site_langs[SITE_LANGS];
/* Position of a language in site_langs, -1 if it is not one of them. */
int site_lang_index(struct str lang);

struct site_link {
	struct site_text words;
	struct str target; /* path of ours ("/directory") or an https address */
};

/* A block of the home page or a page of the menu "About", legal..., in Markdown. */
struct site_block {
	struct str slug;
	struct site_text title;
	struct site_text body;
};

struct site {
	struct site_text name;
	struct site_text tagline;
	struct str base_url;        /* "https://example.org", no slash at the end */
	struct str contact_mail;
	struct str time_zone;       /* IANA, "Europe/Paris" */
	struct str country;         /* ISO2 whose places come first: "FR" */
	const char *langs[SITE_LANGS]; /* those offered, default first */
	size_t n_langs;
	struct str logo;            /* media path, or empty for ours */
	struct str accent, accent2, paper, ink; /* "#rrggbb", or empty for the design's own */
	const struct site_link *menu;
	size_t n_menu;              /* 0: the built-in menu */
	const struct site_block *home;
	size_t n_home;
	const struct site_block *pages; /* about, legal, privacy, charter, open-data... at /:slug */
	size_t n_pages;
	struct str tiles;           /* "" the built-in base map; else address of a .pmtiles or a raster template */
	struct str tiles_credit;
	bool raid;                  /* everything new is held, sign-up closed */
	bool proposals_open;        /* proposals without account are accepted */
	bool demo;                  /* marked as a demonstration on every page */
	bool set_up;                /* an administrator exists */
	struct crypt_key key;       /* the site's key: derive one per purpose (crypt_key_derive) */
	int64_t version;            /* of the settings */
};

/* In the visitor's language, else the site's first language that has it, else what there is; never a NULL pointer. */
struct str site_text_in(const struct site *site, const struct site_text *t, const char *lang);

/* The snapshot in force. The pointer stays good for the request that read it. */
const struct site *site_now(void);
/* Puts another snapshot in force; old ones are kept until no request can hold them. Called by core/setting.c. */
void site_set(const struct site *site);
/* The address given on the command line: wins over the snapshots' own, those to come too. Once, at start. */
void site_set_base_url(struct str url);

#endif
