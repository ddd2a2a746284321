/*
 * Proposals: what was suggested, against what is there now.
 */
#include "proposal.h"

#include "../base/enc.h"
#include "../base/id.h"
#include "../base/limits.h"
#include "../base/time.h"
#include "../crypt/crypt.h"
#include "../entity/tree.h"
#include "../web/site.h"
#include "atlas.h"
#include "object_row.h"
#include "proposal.sql.h"
#include "words.h"

static void mail_key(struct crypt_key *out)
{
	crypt_key_derive(&site_now()->key, "proposal mail", out);
}

static struct str token_hash(struct mem *m, struct str token)
{
	struct crypt_key key;

	crypt_key_derive(&site_now()->key, "proposal token", &key);
	return crypt_keyed_hash(m, &key, token, 20);
}

/* ---- making ---------------------------------------------------------------------------------------------------------- */

/* Themes as " housing health ", so that a scope is found without parsing. */
static struct str words_of(struct mem *m, const struct json *themes)
{
	struct buf b = buf_make(m, KIB(4));

	for (size_t i = 0; i < themes->n; i++) {
		buf_fmt(&b, " %.*s", STR_ARG(json_str(&themes->items[i])));
	}
	return buf_str(&b);
}

enum err proposal_create(struct db *db, struct mem *m, struct proposal *p, int64_t now, struct str *token)
{
	struct object ob = {.entity = p->entity};
	struct proposal_add_row row;
	struct crypt_key key;
	struct str themes = S("");

	if (p->object_id) {
		TRY(object_by_id(db, m, p->object_id, &ob));
		p->entity = ob.entity;
		p->territory = ob.territory;
		themes = words_of(m, object_themes(&ob));
	}
	if (!p->entity || !p->lang.n) {
		return E_INVALID;
	}
	mail_key(&key);
	*token = p->mail.n ? id_token(m) : S("");
	TRY(proposal_add(db, &(struct proposal_add_in){
		.type = p->type, .object = p->object_id, .kind = str_of(p->entity->kind),
		.changes = p->changes ? tree_text(m, p->changes) : STR_NONE, .base_version = p->base_version,
		.note = p->note.n ? p->note : STR_NONE, .mail = p->mail.n ? crypt_seal(m, &key, p->mail) : STR_NONE,
		.name = p->name.n ? p->name : STR_NONE, .lang = p->lang, .account = p->account,
		.token = token->n ? token_hash(m, *token) : STR_NONE, .territory = p->territory.n ? p->territory : STR_NONE,
		.themes = themes, .created_at = now}, m, &row));
	p->id = row.id;
	p->created_at = now;
	p->state = PROP_OPEN;
	return OK;
}

const struct json *proposal_changes(struct mem *m, const struct object *ob, enum sight sight, const struct json *edited)
{
	struct view shown = doc_view(m, ob->entity, ob->doc, sight);
	struct json *whole = mem_new(m, struct json), *out = mem_new(m, struct json);
	struct change *c;

	*whole = doc_unview(m, ob->entity, ob->doc.j, shown.j, edited, sight);
	*out = tree_object();
	size_t n = doc_diff(m, ob->entity, ob->doc.j, whole, &c);
	for (size_t i = 0; i < n; i++) {
		struct json v = tree_empty(c[i].after) ? (struct json){.kind = JSON_IS_NULL} : *c[i].after;
		if (!(c[i].field->flags & COMPUTED)) {
			tree_put(m, out, c[i].key, v);
		}
	}
	return out->n ? out : NULL;
}

/* ---- reading --------------------------------------------------------------------------------------------------------- */

static enum err of_row(struct mem *m, const struct proposal_row *r, struct proposal *p)
{
	struct json *changes = NULL;
	struct crypt_key key;

	*p = (struct proposal){
		.id = r->id, .type = (enum proposal_type)r->type, .entity = entity_find(r->kind), .object_id = r->object,
		.base_version = r->base_version, .note = r->note, .name = r->name, .lang = r->lang, .account = r->account,
		.created_at = r->created_at, .confirmed_at = r->confirmed_at.v, .decided_at = r->decided_at.v,
		.decided_by = r->decided_by, .state = (enum proposal_state)r->state, .reason = r->reason,
		.territory = r->territory, .accepted = r->accepted,
	};
	if (!p->entity) {
		return fail(E_BUG, "proposal %lld is of an unknown kind", (long long)r->id);
	}
	if (r->changes.p) {
		changes = mem_new(m, struct json);
		TRY(json_parse(m, r->changes, changes, NULL));
		p->changes = changes;
	}
	mail_key(&key);
	if (r->mail.p && crypt_unseal(m, &key, r->mail, &p->mail) != OK) {
		p->mail = STR_NONE; /* sealed with a key that this site no longer has */
	}
	return OK;
}

enum err proposal_by_id(struct db *db, struct mem *m, int64_t id, struct proposal *out)
{
	struct proposal_row r;

	TRY(proposal_row_by_id(db, id, m, &r));
	return of_row(m, &r, out);
}

enum err proposal_by_token(struct db *db, struct mem *m, struct str token, struct proposal *out)
{
	struct proposal_row r;

	if (token.n < 20 || token.n > 100) {
		return E_NOTFOUND;
	}
	TRY(proposal_row_by_token(db, token_hash(m, token), m, &r));
	return of_row(m, &r, out);
}

enum err proposal_confirm(struct db *db, int64_t id, int64_t now)
{
	return proposal_confirmed(db, id, now);
}

bool proposal_may_decide(const struct who *who, const struct proposal *p, const struct object *ob)
{
	static const struct json none = {.kind = JSON_IS_NONE};

	return ob ? object_may_moderate(who, ob) : may_moderate(who, p->territory, &none);
}

static bool row_in_scope(struct mem *m, const struct who *who, const struct proposal_row *r)
{
	struct json themes = tree_array();
	struct str rest = str_trim(r->themes);

	while (rest.n) {
		tree_add(m, &themes, tree_str(str_cut(&rest, ' ')));
	}
	return may_moderate(who, r->territory, &themes);
}

static bool cursor_of(struct mem *m, struct str after, int64_t *at, int64_t *id)
{
	struct str text;

	*at = *id = 0;
	if (!after.n) {
		return true;
	}
	if (dec_base64url(m, after, &text) != OK) {
		return false;
	}
	struct str first = str_cut(&text, ' ');
	return str_to_i64(first, at) && str_to_i64(text, id);
}

static bool fits(struct mem *m, const struct who *who, const struct proposal_filter *f, const struct proposal_row *r)
{
	if (f->type >= 0 && r->type != f->type) {
		return false;
	}
	if (f->entity && !str_eq(r->kind, str_of(f->entity->kind))) {
		return false;
	}
	if (f->territory.n && !str_eq(r->territory, f->territory)) {
		atlas_id id = r->territory.n ? atlas_find(r->territory) : 0, top = atlas_find(f->territory);
		if (!id || !top || !atlas_is_within(id, top)) {
			return false;
		}
	}
	return row_in_scope(m, who, r);
}

enum err proposal_queue_of(struct req *rq, const struct proposal_filter *f, size_t max, struct str after, struct proposal **out,
			   size_t *n, struct str *next)
{
	int64_t at, id;
	struct proposal_row *rows;
	size_t n_rows;

	*n = 0;
	*next = STR_NONE;
	*out = mem_array(rq->mem, struct proposal, max);
	if (!cursor_of(rq->mem, after, &at, &id)) {
		return problem_query(rq, "after", N_("This page of the list is no longer there: start again from the first."));
	}
	for (;;) {
		TRY(proposal_rows_open(rq->db, at, id, 200, rq->mem, &rows, &n_rows));
		for (size_t i = 0; i < n_rows; i++) {
			if (!fits(rq->mem, &rq->who, f, &rows[i])) {
				continue;
			}
			if (*n == max) {
				*next = enc_base64url(rq->mem, str_fmt(rq->mem, "%lld %lld", (long long)at, (long long)id));
				return OK;
			}
			TRY(of_row(rq->mem, &rows[i], &(*out)[(*n)++]));
			at = rows[i].created_at;
			id = rows[i].id;
		}
		if (n_rows < 200) {
			return OK;
		}
		at = rows[n_rows - 1].created_at;
		id = rows[n_rows - 1].id;
	}
}

enum err proposal_queue(struct req *rq, size_t max, struct str after, struct proposal **out, size_t *n, struct str *next)
{
	static const struct proposal_filter all = {.type = -1};

	return proposal_queue_of(rq, &all, max, after, out, n, next);
}

enum err proposal_counts(struct req *rq, const struct proposal_filter *f, size_t counts[PROPOSAL_TYPES])
{
	const struct proposal_filter any = {.type = -1, .entity = f->entity, .territory = f->territory};
	struct mem_mark mark = mem_mark(rq->mem);
	struct proposal_row *rows;
	size_t n;

	for (size_t i = 0; i < PROPOSAL_TYPES; i++) {
		counts[i] = 0;
	}
	TRY(proposal_rows_open(rq->db, 0, 0, LIMIT_DESK_SCAN, rq->mem, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		if (rows[i].type >= 0 && rows[i].type < PROPOSAL_TYPES && fits(rq->mem, &rq->who, &any, &rows[i])) {
			counts[rows[i].type]++;
		}
	}
	mem_rewind(rq->mem, mark);
	return OK;
}

enum err proposal_waiting(struct req *rq, size_t max, size_t *n)
{
	struct proposal *p;
	struct str next;

	return proposal_queue(rq, max, STR_NONE, &p, n, &next);
}

enum err proposals_of(struct db *db, struct mem *m, int64_t object, size_t max, struct proposal **out, size_t *n)
{
	struct proposal_row *rows;

	TRY(proposal_rows_of(db, object, (int64_t)max, m, &rows, n));
	*out = mem_array(m, struct proposal, *n);
	for (size_t i = 0; i < *n; i++) {
		TRY(of_row(m, &rows[i], &(*out)[i]));
	}
	return OK;
}

/* ---- deciding -------------------------------------------------------------------------------------------------------- */

static const struct field *field_of(const struct entity *e, struct str key)
{
	return entity_field(e, str_cut(&key, '@'));
}

enum err proposal_fields(struct db *db, struct mem *m, const struct proposal *p, const struct object *ob,
			 struct proposal_field **out, size_t *n)
{
	struct doc base = ob->doc;

	*n = 0;
	*out = mem_array(m, struct proposal_field, p->changes ? p->changes->n : 0);
	if (!p->changes) {
		return OK;
	}
	if (p->base_version && p->base_version < ob->version) {
		TRY(object_at_version(db, m, ob->id, p->base_version, &base));
	}
	for (size_t i = 0; i < p->changes->n; i++) {
		struct str key = p->changes->keys[i];
		const struct field *fd = field_of(ob->entity, key);
		const struct json *now = doc_value(ob->doc.j, key), *was = doc_value(base.j, key), *will = &p->changes->items[i];
		if (!fd || (fd->flags & COMPUTED)) {
			continue;
		}
		(*out)[(*n)++] = (struct proposal_field){
			.change = {fd, key, now, will}, .base = was, .done = tree_same(now, will),
			.conflict = !tree_same(now, was) && !tree_same(now, will),
		};
	}
	return OK;
}

static bool named(const struct str *keys, size_t n, struct str key)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(keys[i], key)) {
			return true;
		}
	}
	return false;
}

/* Writes the chosen fields; `accepted` gets their names, `*all` whether none was left. */
static enum err take_fields(struct db *db, struct mem *m, const struct proposal *p, const struct str *keys, size_t n, bool over,
			    const struct act *act, struct buf *accepted, bool *all)
{
	struct object ob;
	struct proposal_field *f;
	size_t n_fields;

	*all = true;
	TRY(object_by_id(db, m, p->object_id, &ob));
	TRY(proposal_fields(db, m, p, &ob, &f, &n_fields));
	for (size_t i = 0; i < n_fields; i++) {
		bool chosen = keys ? named(keys, n, f[i].change.key) : !f[i].conflict;
		if (!chosen) {
			*all = false;
			continue;
		}
		if (f[i].conflict && !over) {
			return E_CONFLICT;
		}
		ob.doc.j = doc_apply(m, ob.entity, ob.doc.j, f[i].change.key, f[i].change.after);
		buf_fmt(accepted, "%s%.*s", accepted->n ? "," : "", STR_ARG(f[i].change.key));
	}
	if (ob.entity->check) { /* what crosses fields, and what is computed */
		struct form form;
		TRY(form_read_json(NULL, m, ob.entity, ob.doc.j, NULL, "en", true, &form));
		ob.doc.j = form.doc;
	}
	return object_save(db, m, &ob, act, NULL);
}

static enum err take_rest(struct db *db, struct mem *m, const struct proposal *p, const struct act *act)
{
	switch (p->type) {
	case PROP_NEW:
		return object_set_status(db, m, p->object_id, ST_PUBLISHED, act);
	case PROP_WITHDRAW:
		return object_set_status(db, m, p->object_id, ST_ARCHIVED, act);
	case PROP_CLAIM:
		return p->account ? object_editor_add(db, p->account, p->object_id, act->now) : E_INVALID;
	case PROP_CHANGE:
	case PROP_REPORT:
	case PROP_DUPLICATE:
		break;
	}
	return OK;
}

static enum err close_as(struct db *db, const struct proposal *p, enum proposal_state state, struct str reason,
			 struct str accepted, const struct act *act)
{
	int64_t changed;

	TRY(proposal_decide(db, &(struct proposal_decide_in){p->id, state, act->now, act->account, reason.n ? reason : STR_NONE,
							     accepted}, &changed));
	return changed == 1 ? OK : E_INVALID;
}

enum err proposal_accept(struct db *db, struct mem *m, int64_t id, const struct str *keys, size_t n, bool over,
			 const struct act *act)
{
	struct buf accepted = buf_make(m, KIB(8));
	struct proposal p;
	bool all = true;

	TRY(proposal_by_id(db, m, id, &p));
	if (p.state != PROP_OPEN) {
		return E_INVALID;
	}
	if (p.type == PROP_CHANGE) {
		TRY(take_fields(db, m, &p, keys, n, over, act, &accepted, &all));
	} else {
		TRY(take_rest(db, m, &p, act));
	}
	return close_as(db, &p, all ? PROP_ACCEPTED : PROP_PARTLY, STR_NONE, buf_str(&accepted), act);
}

enum err proposal_refuse(struct db *db, struct mem *m, int64_t id, struct str reason, const struct act *act)
{
	struct proposal p;

	TRY(proposal_by_id(db, m, id, &p));
	TRY(close_as(db, &p, PROP_REFUSED, reason, S(""), act));
	return p.type == PROP_NEW ? object_set_status(db, m, p.object_id, ST_REFUSED, act) : OK;
}

enum err proposal_withdraw(struct db *db, struct mem *m, int64_t id, const struct act *act)
{
	struct proposal p;

	TRY(proposal_by_id(db, m, id, &p));
	TRY(close_as(db, &p, PROP_WITHDRAWN, STR_NONE, S(""), act));
	return p.type == PROP_NEW ? object_set_status(db, m, p.object_id, ST_REMOVED, act) : OK;
}

enum err proposals_purge(struct db *db, int64_t now, int64_t *erased)
{
	int64_t rest;

	TRY(proposal_erase(db, now - PROPOSAL_KEEP_DAYS * TIME_DAY, erased));
	TRY(proposal_erase_rest(db, now - PROPOSAL_KEEP_DAYS * TIME_DAY, &rest));
	*erased += rest;
	return OK;
}

static bool mentions(struct mem *m, const struct proposal_row *r, const struct proposal *p, struct str low)
{
	return words_hold(m, p->mail, low) || words_hold(m, r->name, low) || words_hold(m, r->note, low) ||
	       words_hold(m, r->changes, low) || words_hold(m, r->reason, low);
}

enum err proposals_forget(struct db *db, struct mem *m, struct str words, bool erase, int64_t *n)
{
	struct str low = str_lower(m, words);
	struct proposal_row *rows;
	size_t n_rows;
	int64_t after = 0;

	*n = 0;
	do {
		struct mem_mark mark = mem_mark(m);
		TRY(proposal_rows_all(db, after, 200, m, &rows, &n_rows));
		for (size_t i = 0; i < n_rows; i++) {
			struct proposal p;
			TRY(of_row(m, &rows[i], &p));
			if (!mentions(m, &rows[i], &p, low)) {
				continue;
			}
			++*n;
			if (erase) {
				TRY(proposal_forget_row(db, p.id, words_hold(m, rows[i].changes, low)
									  ? words_cut_out(m, rows[i].changes, low)
									  : rows[i].changes));
			}
		}
		after = n_rows ? rows[n_rows - 1].id : after;
		mem_rewind(m, mark);
	} while (n_rows == 200);
	return OK;
}
