/*
 * POST, PATCH and DELETE of the API: the same rules as the forms. Who edits writes at once, all others propose and a moderator
 * decides. What the API does not show is not lost by a change made from what it shows.
 */
#include "api.h"

#include "../../base/limits.h"
#include "../../base/url.h"
#include "../../core/account.h"
#include "../../core/atlas.h"
#include "../../core/proposal.h"
#include "../../entity/tree.h"
#include "../../web/site.h"
#include "record.h"

/* Members of a record that are told, not given: taken back without a word, so that what was read may be sent again. */
static bool is_told(struct str name)
{
	static const char *const told[] = {"id", "url", "status", "created_at", "updated_at", "source", "geo", "version"};

	for (size_t i = 0; i < COUNT(told); i++) {
		if (str_eq(name, str_of(told[i]))) {
			return true;
		}
	}
	return false;
}

/* The body under the names of the table; what is not understood keeps its name, and is then refused by it. */
static enum err read_body(struct req *rq, const struct entity *e, struct json *in, struct str *lang)
{
	struct json body;
	struct json_where at;

	*lang = S("");
	*in = tree_object();
	if (json_parse(rq->mem, req_body(rq), &body, &at) != OK || body.kind != JSON_IS_OBJECT) {
		return problem(rq, E_INVALID, N_("The body is a JSON object."));
	}
	for (size_t i = 0; i < body.n; i++) {
		struct str name = body.keys[i];
		const struct json *v = &body.items[i];
		const struct field *f = record_field(rq->mem, e, name);

		if (str_eq(name, S("lang")) && !f) {
			*lang = json_str(v);
		} else if (str_eq(name, S("kind")) && (str_eq(json_str(v), str_of(e->kind)) || str_eq(json_str(v), str_of(e->plural)))) {
			continue;
		} else if (str_eq(name, S("title")) && !f) {
			if (json_get(&body, e->title)->kind == JSON_IS_NONE) {
				tree_set(rq->mem, in, str_of(e->title), *v);
			}
		} else if (f || !is_told(name)) {
			tree_set(rq->mem, in, f ? str_of(f->name) : name, *v);
		}
	}
	if (lang->n && lang->n != 2 && lang->n != 3) {
		problem_field(rq, "lang", str_of(T(rq, N_("Use the language's code of two letters, like fr or ar."))));
		return problem(rq, E_INVALID, N_("Something that was sent could not be accepted."));
	}
	return OK;
}

static enum err refuse(struct req *rq, const struct entity *e, const struct form *f)
{
	for (size_t i = 0; i < f->n_errors; i++) {
		struct str name = f->errors[i].field, first = name;
		struct str head = str_cut(&first, '.');
		const struct field *fd = entity_field(e, head);

		name = fd && !first.p ? record_name(rq->mem, e, fd) : name;
		problem_field(rq, str_c(rq->mem, name), f->errors[i].reason);
	}
	return problem(rq, E_INVALID, N_("Something that was sent could not be accepted."));
}

/* The territory of a first place, when none is given. */
static void find_territory(struct req *rq, const struct entity *e, struct json *in)
{
	const struct json *place = json_at(tree_get(in, S("places")), 0);
	const struct field *f = entity_field(e, S("territory"));
	struct territory t;
	double lat, lon;
	struct str code;

	if (!f || f->type != F_TERRITORY || !tree_empty(tree_get(in, S("territory"))) || place->kind != JSON_IS_OBJECT) {
		return;
	}
	code = entity_world()->place_territory(rq->mem, json_str(json_get(place, "town")), json_str(json_get(place, "postal_code")),
					       json_str(json_get(place, "country")));
	if (!code.p && json_double(json_get(place, "lat"), &lat) && json_double(json_get(place, "lon"), &lon) &&
	    atlas_get(atlas_nearest(lat, lon, 30), &t)) {
		code = t.code;
	}
	if (code.p) {
		tree_set(rq->mem, in, S("territory"), tree_str(code));
	}
}

static struct act act_of(const struct req *rq, const char *verb)
{
	return (struct act){.verb = verb, .account = rq->who.account, .now = rq->now, .public_change = true};
}

/* The object as everyone sees it, with where it is. */
static enum err answer(struct req *rq, const struct object *ob, int status)
{
	struct buf b = buf_make(rq->mem, LIMIT_API_PAGE);
	struct json_out j = json_to(&b);
	struct list_row row = record_row(ob);
	struct url_out u = url_begin(rq->mem, S("/api/v1"));

	url_seg(&u, str_of(ob->entity->plural));
	url_seg(&u, ob->slug);
	json_put_object(&j);
	record_put(&j, rq->mem, rq->site->base_url, &row, ob->status, doc_view(rq->mem, ob->entity, ob->doc, SEE_PUBLIC), true);
	json_put_object_end(&j);
	req_status(rq, status);
	if (status == 201) {
		req_set_header(rq, "Location", url_end(&u).s);
	}
	return api_reply_object(rq, &j, &b, ob);
}

/* ---- POST ------------------------------------------------------------------------------------------------------------ */

static enum err publish(struct req *rq, struct object *ob)
{
	struct act act = act_of(rq, "create");

	TRY(object_save(rq->db, rq->mem, ob, &act, NULL));
	if (rq->who.role == ROLE_EDITOR) { /* who wrote it keeps it */
		TRY(account_own(rq->db, rq->who.account, ob->id, rq->now));
	}
	req_public_change(rq);
	TRY(object_by_id(rq->db, rq->mem, ob->id, ob));
	return answer(rq, ob, 201);
}

static enum err propose(struct req *rq, struct object *ob)
{
	struct act act = act_of(rq, "propose");
	struct proposal prop = {.type = PROP_NEW, .lang = ob->lang, .account = rq->who.account, .mail = S(""), .name = S(""),
				.note = S("")};
	struct str token;

	ob->status = ST_PROPOSED;
	TRY(object_save(rq->db, rq->mem, ob, &act, NULL));
	prop.object_id = ob->id;
	TRY(proposal_create(rq->db, rq->mem, &prop, rq->now, &token));
	TRY(object_by_id(rq->db, rq->mem, ob->id, ob));
	return answer(rq, ob, 202);
}

enum err api_create(struct req *rq)
{
	bool closed = rq->site->raid || !rq->site->proposals_open;
	const struct entity *e;
	struct json in;
	struct form f;
	struct str lang;

	TRY(api_entity(rq, &e));
	if (!rq->who.account && closed) {
		return E_LOGIN;
	}
	TRY(read_body(rq, e, &in, &lang));
	find_territory(rq, e, &in);
	enum err err = form_read_json(rq, rq->mem, e, &in, NULL, rq->lang, false, &f);
	if (err == E_INVALID) {
		return refuse(rq, e, &f);
	}
	TRY(err);
	struct object ob = {.entity = e, .status = ST_PUBLISHED, .lang = lang.n ? lang : str_of(rq->lang), .doc = {f.doc}};
	return rq->who.role >= (rq->site->raid ? ROLE_MODERATOR : ROLE_EDITOR) ? publish(rq, &ob) : propose(rq, &ob);
}

/* ---- PATCH ----------------------------------------------------------------------------------------------------------- */

/* What the public view hides stays; private fields that were given are taken. */
static struct json whole_of(struct req *rq, const struct object *ob, const struct json *shown, const struct json *edited,
			    const struct json *in)
{
	const struct entity *e = ob->entity;
	struct json whole = doc_unview(rq->mem, e, ob->doc.j, shown, edited, SEE_PUBLIC);

	for (size_t i = 0; i < e->n_fields; i++) {
		struct str name = str_of(e->fields[i].name);

		if ((e->fields[i].flags & (PRIVATE | MEMBERS)) && tree_get(in, name)->kind != JSON_IS_NONE) {
			tree_set(rq->mem, &whole, name, *tree_get(edited, name));
		}
	}
	return doc_canonical(rq->mem, e, &whole);
}

static enum err suggest(struct req *rq, const struct object *ob, const struct json *edited)
{
	struct proposal prop = {.type = PROP_CHANGE, .object_id = ob->id, .base_version = ob->version, .lang = ob->lang,
				.account = rq->who.account, .mail = S(""), .name = S(""), .note = S("")};
	struct str token;

	prop.changes = proposal_changes(rq->mem, ob, SEE_PUBLIC, edited);
	if (prop.changes) {
		TRY(proposal_create(rq->db, rq->mem, &prop, rq->now, &token));
	}
	return answer(rq, ob, 202);
}

static enum err object_of(struct req *rq, struct object *ob)
{
	const struct entity *e;
	bool moved;

	TRY(api_entity(rq, &e));
	return object_get(rq, e, req_param(rq, "id"), ob, &moved);
}

/* If-Match holds the version that the change was made from: what others changed since is not written over. */
static enum err check_version(struct req *rq, const struct object *ob)
{
	struct str tags = req_header(rq, "If-Match");
	int64_t version;

	while (tags.n) {
		struct str one = str_trim(str_cut(&tags, ',')), number;

		if (str_eq(one, S("*"))) {
			return OK;
		}
		one = str_starts(one, S("W/")) ? str_sub(one, 2, one.n) : one;
		one = str_starts(one, S("\"")) && str_ends(one, S("\"")) && one.n > 1 ? str_sub(one, 1, one.n - 2) : STR_NONE;
		number = str_cut(&one, '-');
		if (number.n && str_to_i64(number, &version) && version == ob->version) {
			return OK;
		}
	}
	return req_header(rq, "If-Match").p ? problem(rq, E_CONFLICT, N_("It was changed meanwhile: read it again, and make your change from that."))
					    : OK;
}

enum err api_change(struct req *rq)
{
	struct object ob;
	struct json in, whole;
	struct form f;
	struct str lang;
	bool changed;

	TRY(object_of(rq, &ob));
	TRY(check_version(rq, &ob));
	TRY(read_body(rq, ob.entity, &in, &lang));
	if (lang.n && !str_eq(lang, ob.lang)) {
		problem_field(rq, "lang", str_of(T(rq, N_("The language of an object stays: give other languages under translations."))));
		return problem(rq, E_INVALID, N_("Something that was sent could not be accepted."));
	}
	struct view shown = doc_view(rq->mem, ob.entity, ob.doc, SEE_PUBLIC);
	enum err err = form_read_json(rq, rq->mem, ob.entity, &in, shown.j, rq->lang, false, &f);
	if (err == E_INVALID) {
		return refuse(rq, ob.entity, &f);
	}
	TRY(err);
	if (!object_may_edit(rq->db, &rq->who, &ob) || (rq->site->raid && rq->who.role < ROLE_MODERATOR)) {
		return suggest(rq, &ob, f.doc);
	}
	struct act act = act_of(rq, "edit");
	whole = whole_of(rq, &ob, shown.j, f.doc, &in);
	ob.doc.j = &whole;
	TRY(object_save(rq->db, rq->mem, &ob, &act, &changed));
	if (changed) {
		req_public_change(rq);
		TRY(object_by_id(rq->db, rq->mem, ob.id, &ob));
	}
	return answer(rq, &ob, 200);
}

/* ---- DELETE ---------------------------------------------------------------------------------------------------------- */

enum err api_remove(struct req *rq)
{
	struct act act = act_of(rq, "remove");
	struct object ob;

	TRY(object_of(rq, &ob));
	TRY(check_version(rq, &ob));
	if (!object_may_edit(rq->db, &rq->who, &ob)) {
		return E_DENIED;
	}
	/* Whoever keeps the page of an actor closes it; it goes away by a moderator's hand. */
	TRY(object_set_status(rq->db, rq->mem, ob.id, object_may_moderate(&rq->who, &ob) ? ST_REMOVED : ST_ARCHIVED, &act));
	req_public_change(rq);
	req_status(rq, 204);
	return reply(rq, "application/json", S(""));
}
