/*
 * What came in: parameters, query, form, files, body. Everything that people may have typed is checked and normalised here
 * once, so that no handler ever sees text that is not clean.
 */
#include <stdlib.h>

#include "priv.h"

#include "../base/limits.h"
#include "../base/log.h"
#include "../base/utf8.h"

static enum err clean_all(struct mem *m, struct values *v, bool one_line)
{
	for (size_t i = 0; i < v->n; i++) {
		TRY(utf8_clean_line(m, v->p[i].name, &v->p[i].name));
		if (v->p[i].file) {
			if (utf8_clean_line(m, v->p[i].filename, &v->p[i].filename) != OK) {
				v->p[i].filename = S("");
			}
			continue;
		}
		TRY(one_line ? utf8_clean_line(m, v->p[i].value, &v->p[i].value)
			     : utf8_clean(m, v->p[i].value, &v->p[i].value));
	}
	return OK;
}

enum err values_read_query(struct req *rq)
{
	struct values *v = &rq->priv->query;

	TRY(http_pairs_parse(rq->mem, rq->http->query, &v->p, &v->n));
	if (v->n > LIMIT_QUERY_PAIRS) {
		return E_LIMIT;
	}
	return clean_all(rq->mem, v, true);
}

void values_forget(struct req *rq, const char *name)
{
	struct values *v = &rq->priv->query;
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++) {
		if (!str_eq(v->p[i].name, str_of(name))) {
			v->p[n++] = v->p[i];
		}
	}
	v->n = n;
}

enum err values_read_form(struct req *rq)
{
	struct values *v = &rq->priv->form;

	v->p = mem_array(rq->mem, struct http_part, rq->http->n_parts);
	v->n = rq->http->n_parts;
	if (v->n) {
		memcpy(v->p, rq->http->parts, v->n * sizeof(*v->p));
	}
	return clean_all(rq->mem, v, false);
}

static struct str value_at(const struct values *v, const char *name, size_t nth)
{
	struct str want = str_of(name);

	for (size_t i = 0; i < v->n; i++) {
		if (!v->p[i].file && str_eq(v->p[i].name, want) && nth-- == 0) {
			return v->p[i].value;
		}
	}
	return STR_NONE;
}

struct str req_param(const struct req *rq, const char *name)
{
	const struct route_match *match = rq->priv->match;

	for (size_t i = 0; i < match->n_params; i++) {
		if (str_eq(match->names[i], str_of(name))) {
			return match->values[i];
		}
	}
	log_error("route %s has no parameter %s", rq->route ? rq->route->path : "?", name);
	abort();
}

struct str req_query(const struct req *rq, const char *name)
{
	return value_at(&rq->priv->query, name, 0);
}

struct str req_query_at(const struct req *rq, const char *name, size_t i)
{
	return value_at(&rq->priv->query, name, i);
}

enum err req_query_int(struct req *rq, const char *name, int64_t otherwise, int64_t min, int64_t max, int64_t *out)
{
	struct str s = req_query(rq, name);

	*out = otherwise;
	if (str_empty(s)) {
		return OK;
	}
	if (!str_to_i64(s, out) || *out < min || *out > max) {
		(void)problem(rq, E_INVALID, N_("Something in this address could not be understood."));
		problem_field(rq, name,
			      T_FMT(rq, N_("This is a number from {min} to {max}."),
				    {S("min"), str_fmt(rq->mem, "%lld", (long long)min)},
				    {S("max"), str_fmt(rq->mem, "%lld", (long long)max)}));
		return E_INVALID;
	}
	return OK;
}

struct str req_form(const struct req *rq, const char *name)
{
	return value_at(&rq->priv->form, name, 0);
}

struct str req_form_at(const struct req *rq, const char *name, size_t i)
{
	return value_at(&rq->priv->form, name, i);
}

bool req_form_next(const struct req *rq, size_t *i, struct str *name, struct str *value)
{
	const struct values *v = &rq->priv->form;

	while (*i < v->n) {
		const struct http_part *p = &v->p[(*i)++];

		if (!p->file) {
			*name = p->name;
			*value = p->value;
			return true;
		}
	}
	return false;
}

bool req_upload(struct req *rq, const char *name, struct upload *out)
{
	const struct values *v = &rq->priv->form;

	for (size_t i = 0; i < v->n; i++) {
		/* A file input left empty comes as a file of no bytes without a name. */
		if (v->p[i].file && v->p[i].fd >= 0 && str_eq(v->p[i].name, str_of(name))) {
			*out = (struct upload){.filename = v->p[i].filename,
					       .mime = v->p[i].mime.p ? v->p[i].mime : S(""),
					       .fd = v->p[i].fd,
					       .size = v->p[i].size};
			return true;
		}
	}
	return false;
}

struct str req_body(const struct req *rq)
{
	return rq->http->body.p ? rq->http->body : S("");
}

struct str req_header(const struct req *rq, const char *name)
{
	return http_header(rq->http, name);
}

bool req_is_head(const struct req *rq)
{
	return rq->http->method == HTTP_HEAD;
}

bool req_too_often(struct req *rq, const char *act, unsigned per_hour)
{
	if (limiter_take(rq->priv->web->limiter, &rq->http->client, act, per_hour)) {
		return false;
	}
	rq->priv->too_often = true;
	return true;
}
