/*
 * Serving the embedded files at an address that holds their hash and may be kept for ever, in the encoding that the
 * browser takes; or, while working on them, from a folder.
 */
#ifndef WEB_ASSET_SERVE_H
#define WEB_ASSET_SERVE_H

#include "../http/response.h"

/* Builds the kept answers. `dir` non-empty: read from there at each request. */
void asset_open(struct mem *m, struct str dir);
void asset_close(void);
/* Answers a path under /assets/; false if there is no such asset. */
bool asset_answer(const struct http_request *hrq, struct http_response *rs);

#endif
