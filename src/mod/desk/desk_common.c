/*
 * What the pages of the desk share: which kind an address is about, values in words, duplicates.
 */
#include "../../base/limits.h"
#include "../../core/rows.h"
#include "../../entity/form_part.h"
#include "../../entity/tree.h"
#include "../../entity/value.h"
#include "../../web/page.h"
#include "desk.h"
#include "desk_propose.html.h"

const struct entity *desk_entity(const struct req *rq)
{
	for (const struct entity *e = entity_next(NULL); e; e = entity_next(e)) {
		struct str room = str_of(e->room);

		if (str_starts(rq->path, room) && (rq->path.n == room.n || rq->path.p[room.n] == '/')) {
			return e;
		}
	}
	return NULL;
}

struct url desk_link(const struct req *rq, const struct entity *e, const char *rest, struct str slug)
{
	const char *route = str_c(rq->mem, str_fmt(rq->mem, "%s%s", e->room, rest));

	return strstr(rest, ":slug") ? link_to(rq, route, slug) : link_plain(rq, route);
}

enum err desk_object(struct req *rq, struct object *out)
{
	const struct entity *e = desk_entity(rq);

	return e ? object_get(rq, e, req_param(rq, "slug"), out, NULL) : E_NOTFOUND;
}

bool desk_is_trap(const struct req *rq)
{
	return str_trim(req_form(rq, "web_page")).n > 0;
}

bool desk_closed(const struct req *rq)
{
	return !rq->who.account && (rq->site->raid || !rq->site->proposals_open);
}

enum err desk_closed_page(struct req *rq)
{
	req_page(rq)->body_class = "page-narrow";
	req_page(rq)->no_index = true;
	req_status(rq, 403);
	return page(rq, str_of(T(rq, N_("Closed for the moment"))), closed_view, desk_entity(rq));
}

struct act desk_act(const struct req *rq, const char *verb)
{
	return (struct act){.verb = verb, .account = rq->who.account, .now = rq->now, .public_change = true};
}

/* ---- values in words ------------------------------------------------------------------------------------------------- */

static void put_part(struct buf *b, bool *first, struct str words)
{
	if (words.n) {
		buf_put(b, *first ? S("") : S(" · "));
		buf_put(b, words);
		*first = false;
	}
}

/* One row of a group: its fields with something in them, " · " between; then its texts in other languages. */
static void put_row(struct req *rq, struct buf *b, const struct field *f, const struct json *row)
{
	const struct json *t = json_get(row, "translations");
	bool first = true;

	for (size_t i = 0; i < f->n_fields; i++) {
		const struct field *s = &f->fields[i];
		const struct json *v = tree_get(row, str_of(s->name));
		struct str words = s->type == F_BOOL && !tree_empty(v) ? tr(rq->i18n, s->label) : desk_words(rq, s, v);

		put_part(b, &first, words);
	}
	for (size_t i = 0; t->kind == JSON_IS_OBJECT && i < t->n; i++) {
		for (size_t k = 0; k < t->items[i].n; k++) {
			put_part(b, &first, str_fmt(rq->mem, "%.*s: %.*s", STR_ARG(words_language(rq, t->keys[i])),
						    STR_ARG(t->items[i].items[k].text)));
		}
	}
}

struct str desk_words(struct req *rq, const struct field *f, const struct json *v)
{
	if (f->type != F_GROUP) {
		return value_print(rq->mem, f, v, rq->i18n);
	}
	struct buf b = buf_make(rq->mem, LIMIT_DOC);
	for (size_t i = 0; v->kind == JSON_IS_ARRAY && i < v->n; i++) {
		buf_put(&b, i ? S("\n") : S(""));
		put_row(rq, &b, f, &v->items[i]);
	}
	return buf_str(&b);
}

struct str desk_key_label(const struct req *rq, const struct entity *e, struct str key)
{
	struct str name = str_cut(&key, '@');
	const struct field *f = entity_field(e, name);
	struct str label = f ? tr(rq->i18n, f->label) : name;

	return key.p ? str_fmt(rq->mem, "%.*s (%.*s)", STR_ARG(label), STR_ARG(words_language(rq, key))) : label;
}

struct str desk_kind_words(const struct req *rq, const struct entity *e)
{
	return tr(rq->i18n, e->label);
}

static bool is_long(const struct field *f)
{
	return f->type == F_TEXT || f->type == F_MARKDOWN || f->type == F_LINE || f->type == F_GROUP;
}

static struct desk_field field_of(struct req *rq, const struct entity *e, const struct change *c)
{
	return (struct desk_field){.key = c->key, .label = desk_key_label(rq, e, c->key), .before = desk_words(rq, c->field, c->before),
				   .after = desk_words(rq, c->field, c->after), .long_text = is_long(c->field)};
}

size_t desk_changes(struct req *rq, const struct entity *e, const struct json *a, const struct json *b, struct desk_field **out)
{
	struct change *c;
	size_t n = doc_diff(rq->mem, e, a, b, &c);

	*out = mem_array(rq->mem, struct desk_field, n);
	for (size_t i = 0; i < n; i++) {
		(*out)[i] = field_of(rq, e, &c[i]);
	}
	return n;
}

size_t desk_fields(struct req *rq, const struct entity *e, struct view v, struct desk_field **out)
{
	static const struct json nothing = {.kind = JSON_IS_OBJECT};

	return desk_changes(rq, e, &nothing, v.j, out);
}

/* ---- duplicates ------------------------------------------------------------------------------------------------------ */

enum err desk_dups(struct req *rq, const struct entity *e, struct doc doc, int64_t self, bool all, struct desk_dup **out, size_t *n)
{
	struct dup_ask ask = {.self = self, .all = all, .max = 6, .least = DUP_LIKELY};
	struct dup *found;

	TRY(dup_find(rq->db, rq->mem, e, doc, &ask, &found, n));
	*out = mem_array(rq->mem, struct desk_dup, *n);
	for (size_t i = 0; i < *n; i++) {
		struct desk_dup *d = &(*out)[i];

		*d = (struct desk_dup){.url = object_link(rq, e, found[i].slug), .title = found[i].title, .reason = found[i].reason,
				       .where = territory_words(rq, found[i].territory), .score = found[i].score,
				       .waiting = found[i].status == ST_PROPOSED || found[i].status == ST_DRAFT};
		if (self && page_has(rq, "/desk/merge")) {
			struct url u = link_add(rq->mem, link_plain(rq, "/desk/merge"), "a", str_fmt(rq->mem, "%lld", (long long)found[i].id));
			d->merge = link_add(rq->mem, u, "b", str_fmt(rq->mem, "%lld", (long long)self));
		}
	}
	return OK;
}

const char *desk_type_words(enum proposal_type type)
{
	switch (type) {
	case PROP_NEW:
		return N_("New page");
	case PROP_CHANGE:
		return N_("Suggested change");
	case PROP_REPORT:
		return N_("Report");
	case PROP_CLAIM:
		return N_("Claim");
	case PROP_WITHDRAW:
		return N_("Withdrawal");
	case PROP_DUPLICATE:
		return N_("Duplicate");
	}
	return "";
}

const char *desk_state_words(const struct proposal *p)
{
	switch (p->state) {
	case PROP_OPEN:
		return p->reason.n ? N_("Asked to complete") : p->mail.n && !p->confirmed_at ? N_("Address not confirmed") : N_("Waiting");
	case PROP_ACCEPTED:
		return N_("Accepted");
	case PROP_PARTLY:
		return N_("Accepted in part");
	case PROP_REFUSED:
		return N_("Refused");
	case PROP_WITHDRAWN:
		return N_("Withdrawn");
	}
	return "";
}

/* ---- translations ---------------------------------------------------------------------------------------------------- */

/* True if any text of the document, or of a record in it, is in this language. */
static bool begun(const struct entity *e, const struct json *doc, struct str lang)
{
	if (!tree_empty(tree_get(json_get(doc, "translations"), lang))) {
		return true;
	}
	for (size_t i = 0; i < e->n_fields; i++) {
		const struct json *v = e->fields[i].type == F_GROUP ? tree_get(doc, str_of(e->fields[i].name)) : NULL;
		for (size_t k = 0; v && v->kind == JSON_IS_ARRAY && k < v->n; k++) {
			if (!tree_empty(tree_get(json_get(&v->items[k], "translations"), lang))) {
				return true;
			}
		}
	}
	return false;
}

static void add_lang(struct req *rq, struct propose_page *p, const struct json *doc, struct url address, struct str code)
{
	for (size_t i = 0; i < p->n_langs; i++) {
		if (str_eq(p->langs[i].code, code)) {
			return;
		}
	}
	if (p->n_langs < LIMIT_TRANSLATIONS && !str_eq(code, p->form.original_lang)) {
		p->langs[p->n_langs++] = (struct desk_lang){code, link_add(rq->mem, address, "translate", code), begun(p->entity, doc, code)};
	}
}

void desk_translate(struct req *rq, struct propose_page *p, const struct json *doc, struct url address)
{
	const struct json *t = json_get(doc, "translations");

	p->langs = mem_array(rq->mem, struct desk_lang, LIMIT_TRANSLATIONS);
	for (size_t i = 0; form_has_texts(&p->form) && i < rq->site->n_langs; i++) {
		add_lang(rq, p, doc, address, str_of(rq->site->langs[i]));
	}
	for (size_t i = 0; t->kind == JSON_IS_OBJECT && i < t->n; i++) {
		add_lang(rq, p, doc, address, t->keys[i]);
	}
	if (rq->method == GET) {
		p->form.translate = form_translate_wanted(rq->mem, req_query(rq, "translate"), p->form.original_lang);
	}
	p->whole = address;
	if (p->form.translate.p) {
		p->heading = N_("Translate this page");
	}
}
