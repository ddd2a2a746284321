/*
 * Files of the program itself: style, script, icons, maps. Their addresses carry their hash and are kept for ever by
 * browsers; the bytes and their gzip and brotli twins are embedded (web/asset_data.h).
 */
#ifndef WEB_ASSET_H
#define WEB_ASSET_H

#include "../base/str.h"

struct out;

/* "/assets/icons.3fa9c1d2.svg" for "icons.svg"; an unknown name is our own mistake (aborts in tests, "" otherwise). */
struct url asset_url(const struct out *o, const char *name);

#endif
