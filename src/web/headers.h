/*
 * The headers that every answer carries.
 */
#ifndef WEB_HEADERS_H
#define WEB_HEADERS_H

#include "../http/response.h"

struct req;

/* For assets: nothing that depends on the request. */
void headers_asset(struct http_response *rs);
/* For all else: content security policy, framing, referrer, caching. */
void headers_common(struct req *rq);

#endif
