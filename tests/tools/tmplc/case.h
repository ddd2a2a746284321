/* Types for the templates of these tests. */
#pragma once
#include "html/out.h"

struct row {
	struct str title, slug;
	const char *kind;
	struct url url;
	struct html body;
	struct json_text data;
	int64_t n;
	size_t count;
	bool on;
	double lat;
	const struct row *next;
};

void other(struct out *o, const struct row *r);
