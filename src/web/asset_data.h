/*
 * Files inside the program, as tools/embed writes them: stylesheets, scripts and pictures with their compressed twins, and
 * other data (translation catalogues) without. All of it is constant and lives in the program's read-only pages.
 */
#ifndef WEB_ASSET_DATA_H
#define WEB_ASSET_DATA_H

#include "../base/str.h"

struct asset {
	struct str name; /* "site.css", unique in its table */
	struct str
	        path; /* "/assets/site.3fa9c1d2e0b4.css": holds the hash of the content, so it may be kept for ever */
	struct str mime; /* "text/css; charset=utf-8" */
	struct str etag; /* with its quotes */
	struct str body;
	struct str gzip;   /* the same compressed; NULL p where that is not smaller */
	struct str brotli; /* likewise */
};

/* What is served under /assets/, sorted by name. */
extern const struct asset assets[];
extern const size_t assets_n;

/* The .mo files, sorted by name: "ar", "es", "fr", "pt". English is the source. */
extern const struct asset catalogues[];
extern const size_t catalogues_n;

#endif
