/*
 * One row: which object it is, what of it is new, whether it may be kept. What people changed here since the last import is
 * theirs: only what changed in the file is taken from the file.
 */
#include "import.h"
#include "record.h"

#include "../../base/fold.h"
#include "../../base/limits.h"
#include "../../base/time.h"
#include "../../base/url.h"
#include "../../base/utf8.h"
#include "../../core/dup.h"
#include "../../core/proposal.h"
#include "../../db/db.h"
#include "../../entity/tree.h"
#include "../../html/i18n.h"
#include "../../web/site.h"
#include "exchange.sql.h"
#include "source.sql.h"

/* Rows of this run by the hash of their key, so that a line given twice is told. */
#define SEEN_SLOTS (UINT32_C(1) << 21)
struct import_seen {
	uint64_t *key;
	uint32_t *times;
	size_t n;
};

static struct str words(const struct import *im, const char *sentence)
{
	return tr(lang_catalogue(im->speak), sentence);
}

static void note(void *ctx, const char *outcome, struct str field, struct str reason)
{
	struct import *im = ctx;

	if (str_eq(reason, S("@"))) {
		reason = words(im, N_("This is not a mail address: it was left out."));
	} else if (str_starts(reason, S("?"))) {
		reason = str_fmt(im->scratch, "“%.*s”: %.*s", STR_ARG(str_sub(reason, 1, reason.n)),
				 STR_ARG(words(im, N_("this word is in no list of this site, and was left out."))));
	}
	import_say(im, outcome, field, reason);
}

static enum err reject(struct import *im, struct str field, struct str reason)
{
	im->rejected++;
	import_say(im, "rejected", field, reason);
	return OK;
}

/* ---- who ------------------------------------------------------------------------------------------------------------- */

static uint64_t hash_record(struct mem *m, const struct mapped *mp, const struct entity *e)
{
	struct str name = words_norm(m, json_str(tree_get(&mp->record, str_of(e->title))));
	struct str where[] = {json_str(tree_get(&mp->record, S("territory"))), import_place(mp, "town"), import_place(mp, "postal_code")};
	struct buf b = buf_make(m, KIB(4)), all = buf_make(m, KIB(8));

	for (size_t i = 0; i < COUNT(where); i++) {
		buf_put(&b, i ? S(" ") : S(""));
		buf_put(&b, utf8_cut(where[i], 1000));
	}
	buf_put(&all, utf8_cut(name, 4000));
	buf_put_c(&all, '|');
	buf_put(&all, words_norm(m, buf_str(&b)));
	return str_hash(buf_str(&all));
}

/* How many times the key came before in this file. */
static uint32_t seen_before(struct import *im, uint64_t key)
{
	struct import_seen *s = im->seen;
	uint64_t at;

	if (!s) {
		s = im->seen = mem_new(im->mem, struct import_seen);
		s->key = mem_array(im->mem, uint64_t, SEEN_SLOTS);
		s->times = mem_array(im->mem, uint32_t, SEEN_SLOTS);
	}
	key = key ? key : 1;
	for (at = key % SEEN_SLOTS; s->key[at] && s->key[at] != key; at = (at + 1) % SEEN_SLOTS) {
	}
	if (!s->key[at]) {
		if (s->n > SEEN_SLOTS / 2) {
			return 0;
		}
		s->key[at] = key;
		s->n++;
	}
	return s->times[at]++;
}

struct row_of {
	struct str source, key, slug;  /* slug: of our own exports */
	struct str lang;
	bool ours, closed;
};

/* "https://there.example" of an address of another site. */
static struct str site_of(struct mem *m, struct str url)
{
	struct url_parts u;

	return url_split(url, &u) && u.host.n ? str_fmt(m, "%.*s://%.*s%s", STR_ARG(u.scheme), STR_ARG(u.host),
							u.port ? str_c(m, str_fmt(m, ":%d", u.port)) : "")
					      : STR_NONE;
}

/* False for a row that is the same as one before it, word for word. */
static bool identify(struct import *im, struct mem *m, const struct mapped *mp, struct row_of *who)
{
	struct str id = str_trim(mp->id), text = tree_text(m, &mp->record);
	uint32_t times;

	*who = (struct row_of){.source = im->source, .lang = mp->lang.n ? mp->lang : im->lang, .closed = mp->closed};
	who->ours = mp->created_at.n > 0 && mp->url.n > 0 && id.n > 0;
	if (who->ours) {
		who->slug = id;
		who->source = site_of(m, mp->url).p ? site_of(m, mp->url) : im->source;
		who->key = str_dup(m, id);
		return true;
	}
	if (seen_before(im, str_hash(id) * UINT64_C(0x9e3779b97f4a7c15) ^ str_hash(text))) {
		return false;
	}
	if (id.n) {
		times = seen_before(im, str_hash(id) ^ 0x5555555555555555);
		who->key = times ? str_fmt(m, "%.*s#%u", STR_ARG(utf8_cut(id, 200)), times + 1) : utf8_cut(id, 200);
		return true;
	}
	uint64_t h = hash_record(m, mp, im->entity);
	times = seen_before(im, h);
	who->key = times ? str_fmt(m, "h%016llx-%u", (unsigned long long)h, times + 1) : str_fmt(m, "h%016llx", (unsigned long long)h);
	return true;
}

/* The object that a row is: by its address here, if it is one of our own exports and was born here; else by its key in the
 * source. */
static enum err find_object(struct import *im, struct mem *m, const struct mapped *mp, struct row_of *who, struct object *ob,
			    bool *found)
{
	struct import_object_by_source_row row;
	int64_t id, born;
	enum err e = E_NOTFOUND;

	*found = false;
	if (who->ours && time_parse(mp->created_at, &born)) {
		e = object_id_of(im->db, m, im->entity, who->slug, &id);
		if (e == OK) {
			TRY(object_by_id(im->db, m, id, ob));
			*found = ob->created_at == born && ob->entity == im->entity;
		} else if (e != E_NOTFOUND) {
			return e;
		}
	}
	if (*found) {
		return OK;
	}
	who->ours = false;
	e = import_object_by_source(im->db, who->source, who->key, m, &row);
	if (e == E_NOTFOUND) {
		return OK;
	}
	TRY(e);
	TRY(object_by_id(im->db, m, row.id, ob));
	*found = ob->entity == im->entity;
	return OK;
}

/* ---- saving ---------------------------------------------------------------------------------------------------------- */

static enum err save(struct import *im, struct mem *m, struct object *ob, bool *changed)
{
	struct act act = {.batch = im->batch, .verb = "import", .account = im->account, .import_run = im->run, .now = im->now,
			  .public_change = !im->announced, .note = STR_NONE};

	TRY(object_save(im->db, m, ob, &act, changed));
	im->announced = im->announced || *changed;
	import_note_links(im, ob);
	return OK;
}

/* What waits for a moderator, in the queue of all that does. */
static enum err propose(struct import *im, struct mem *m, const struct object *ob, enum proposal_type type, const struct json *changes)
{
	struct proposal p = {.type = type, .object_id = ob->id, .changes = changes, .base_version = ob->version, .lang = ob->lang,
			     .account = im->account, .mail = S(""), .name = S(""), .note = im->source};
	struct str token;

	return proposal_create(im->db, m, &p, im->now, &token);
}

/* True if the very same change waits already. */
static enum err is_waiting(struct import *im, struct mem *m, int64_t object, const struct json *changes, bool *waiting)
{
	struct proposal *open;
	size_t n;

	*waiting = false;
	TRY(proposals_of(im->db, m, object, 20, &open, &n));
	for (size_t i = 0; i < n; i++) {
		/* Refused once is refused until the source says something else. */
		bool stands = open[i].state == 0 || open[i].state == 3;

		*waiting = *waiting || (stands && open[i].type == PROP_CHANGE && open[i].changes && tree_same(open[i].changes, changes));
	}
	return OK;
}

/* A change of what is published, for a moderator to decide. */
static enum err suggest(struct import *im, struct mem *m, const struct object *ob, struct doc doc)
{
	struct json changes = tree_object();
	struct change *list;
	size_t n = doc_diff(m, im->entity, ob->doc.j, doc.j, &list);
	bool waiting;

	for (size_t i = 0; i < n; i++) {
		if (!(list[i].field->flags & COMPUTED)) {
			tree_put(m, &changes, list[i].key,
				 list[i].after->kind == JSON_IS_NONE ? (struct json){.kind = JSON_IS_NULL} : *list[i].after);
		}
	}
	TRY(is_waiting(im, m, ob->id, &changes, &waiting));
	if (waiting || changes.n == 0) {
		im->unchanged++;
		return OK;
	}
	im->updated++;
	return im->dry_run ? OK : propose(im, m, ob, PROP_CHANGE, &changes);
}

static enum err say_doubles(struct import *im, struct mem *m, struct doc doc, bool *same)
{
	struct dup_ask ask = {.batch = im->batch, .all = true, .max = 1, .least = DUP_SURE};
	struct dup *dups;
	struct object ob;
	size_t n;

	*same = false;
	TRY(dup_find(im->db, m, im->entity, doc, &ask, &dups, &n));
	if (n == 0) {
		return OK;
	}
	TRY(object_by_id(im->db, m, dups[0].id, &ob));
	/* The same name in the same place from elsewhere is the same one; from this very file they are told apart by it. */
	*same = !str_eq(ob.source, im->source) &&
		str_eq(words_norm(m, ob.title), words_norm(m, json_str(json_get(doc.j, im->entity->title)))) &&
		str_eq(ob.territory, json_str(json_get(doc.j, "territory")));
	import_say(im, "noted", S(""),
		   str_fmt(m, "%.*s “%.*s” (%.*s)",
			   STR_ARG(words(im, *same ? N_("It is here already, and was left as it is:")
						   : N_("It looks very much like another one: see whether they are the same:"))),
			   STR_ARG(dups[0].title), STR_ARG(dups[0].slug)));
	return OK;
}

static enum err create(struct import *im, struct mem *m, const struct row_of *who, struct doc doc)
{
	struct object ob = {.entity = im->entity, .status = im->propose ? ST_PROPOSED : who->closed ? ST_ARCHIVED : ST_PUBLISHED, .lang = who->lang, .doc = doc,
			    .source = who->source, .source_key = who->key};
	bool same, changed;
	int64_t id;

	if (!who->slug.n) {
		TRY(say_doubles(im, m, doc, &same));
		if (same) {
			im->unchanged++;
			return OK;
		}
	}
	im->created++;
	if (who->closed) {
		import_say(im, "noted", S(""), words(im, N_("It has ended, the file says: it is brought in as archived.")));
	}
	if (im->dry_run) {
		return OK;
	}
	if (who->slug.n) { /* of another site: it keeps its address, if that is free here */
		enum err e = object_id_of(im->db, m, im->entity, who->slug, &id);

		if (e != OK && e != E_NOTFOUND) {
			return e;
		}
		ob.slug = e == E_NOTFOUND ? who->slug : STR_NONE;
	}
	TRY(save(im, m, &ob, &changed));
	import_note_names(im, m, &ob);
	TRY(im->propose ? propose(im, m, &ob, PROP_NEW, NULL) : OK);
	return im->live ? source_seen(im->db, im->live, ob.id, im->now) : OK;
}

/* The document that the last import made of it; the present one if nobody touched it since. */
static enum err last_import(struct import *im, struct mem *m, const struct object *ob, struct doc *out)
{
	struct import_last_version_row row;
	enum err e = import_last_version(im->db, ob->id, m, &row);

	*out = ob->doc;
	if (e == E_NOTFOUND || (e == OK && row.version == ob->version)) {
		return OK;
	}
	TRY(e);
	return object_at_version(im->db, m, ob->id, row.version, out);
}

/* True if the row says this field at all, even to empty it. */
static bool is_said(const struct mapped *mp, struct str key)
{
	struct str lang = key, field = str_cut(&lang, '@');

	if (lang.p) {
		return tree_get(tree_get(tree_get(&mp->record, S("translations")), lang), field)->kind != JSON_IS_NONE;
	}
	return tree_get(&mp->record, field)->kind != JSON_IS_NONE;
}

/* Translations made here of records that the file knows in one language only stay with them. */
static const struct json *with_texts(struct mem *m, const struct object *ob, const struct change *c)
{
	struct json *out = mem_new(m, struct json);

	if (c->field->type != F_GROUP || c->after->kind != JSON_IS_ARRAY) {
		return c->after;
	}
	*out = items_keep_texts(m, c->field, c->after, tree_get(ob->doc.j, c->key));
	return out;
}

/* What the file changed since it was last read, laid over what is here now. */
static enum err merge(struct import *im, struct mem *m, const struct mapped *mp, const struct object *ob, struct doc fresh,
		      struct doc *out)
{
	struct change *changes;
	struct doc last;
	size_t n;

	*out = ob->doc;
	if (tree_same(ob->doc.j, fresh.j)) {
		return OK;
	}
	TRY(last_import(im, m, ob, &last));
	n = doc_diff(m, im->entity, last.j, fresh.j, &changes);
	for (size_t i = 0; i < n; i++) {
		if (!(changes[i].field->flags & COMPUTED) && is_said(mp, changes[i].key)) {
			out->j = doc_apply(m, im->entity, out->j, changes[i].key, with_texts(m, ob, &changes[i]));
		}
	}
	return OK;
}

/* Checks again what crosses fields, and fills in what is computed. */
static enum err recheck(struct import *im, struct mem *m, struct doc *doc, struct form *f)
{
	enum err e = form_read_json(NULL, m, im->entity, doc->j, doc->j, im->speak, true, f);

	if (e == OK) {
		doc->j = f->doc;
	}
	return e;
}

static enum err reject_form(struct import *im, const struct form *f)
{
	im->rejected++;
	for (size_t i = 0; i < f->n_errors && i < 20; i++) {
		import_say(im, "rejected", f->errors[i].field, f->errors[i].reason);
	}
	return OK;
}

static enum err update(struct import *im, struct mem *m, struct object *ob, struct doc doc)
{
	struct form f;
	bool changed = false;

	if (tree_same(ob->doc.j, doc.j)) {
		im->unchanged++;
		import_note_links(im, ob);
		return OK;
	}
	enum err e = recheck(im, m, &doc, &f);
	if (e == E_INVALID) {
		return reject_form(im, &f);
	}
	TRY(e);
	if (im->propose && ob->status == ST_PUBLISHED) {
		return suggest(im, m, ob, doc);
	}
	if (im->dry_run) {
		im->updated++;
		return OK;
	}
	ob->doc = doc;
	TRY(save(im, m, ob, &changed));
	im->updated += changed;
	im->unchanged += !changed;
	return OK;
}

/* Texts in another language than the object's are its translations. */
static struct json as_translation(struct mem *m, const struct entity *e, const struct mapped *mp, struct str lang)
{
	struct json out = tree_object(), texts = tree_object(), all = tree_object();

	for (size_t i = 0; i < e->n_fields; i++) {
		const struct json *v = tree_get(&mp->record, str_of(e->fields[i].name));

		if ((e->fields[i].flags & TRANSLATED) && v->kind != JSON_IS_NONE) {
			tree_put(m, &texts, str_of(e->fields[i].name), *v);
		}
	}
	tree_put(m, &all, lang, texts);
	tree_put(m, &out, S("translations"), all);
	return out;
}

static enum err translate(struct import *im, struct mem *m, const struct mapped *mp, const struct row_of *who, struct object *ob)
{
	struct json in = as_translation(m, im->entity, mp, who->lang);
	struct form f;
	enum err e = form_read_json(NULL, m, im->entity, &in, ob->doc.j, im->speak, true, &f);

	return e == E_INVALID ? reject_form(im, &f) : e != OK ? e : update(im, m, ob, (struct doc){f.doc});
}

/* A row of our own export, perhaps corrected in a spreadsheet: what the export could not show stays. */
static enum err update_ours(struct import *im, struct mem *m, const struct mapped *mp, struct object *ob)
{
	struct view shown = doc_view(m, im->entity, ob->doc, SEE_PUBLIC);
	struct json *back = mem_new(m, struct json);
	struct form f;
	enum err e = form_read_json(NULL, m, im->entity, &mp->record, shown.j, im->speak, true, &f);

	if (e == E_INVALID) {
		return reject_form(im, &f);
	}
	TRY(e);
	*back = doc_unview(m, im->entity, ob->doc.j, shown.j, f.doc, SEE_PUBLIC);
	return update(im, m, ob, (struct doc){back});
}

/* Undone by the undoing of an import, or gone from its source for a while: it may come again. Removed by a person: it may not. */
static enum err may_come_back(struct import *im, struct mem *m, struct object *ob, bool *back)
{
	struct revision_item *items;
	size_t n;

	bool gone = ob->status == ST_REMOVED || (ob->status == ST_ARCHIVED && im->live);

	*back = ob->status != ST_REMOVED && ob->status != ST_MERGED && ob->status != ST_REFUSED;
	if (!gone) {
		return OK;
	}
	TRY(object_history(im->db, m, ob->id, 1, &items, &n));
	gone = n && (str_eq(items[0].verb, S("undo")) || str_eq(items[0].verb, S("source")));
	*back = *back || gone;
	if (gone) {
		ob->status = im->propose ? ST_PROPOSED : ST_PUBLISHED;
	}
	return OK;
}

static enum err known_row(struct import *im, struct mem *m, const struct mapped *mp, const struct row_of *who, struct object *ob)
{
	enum status before = ob->status;
	struct form f;
	struct doc doc;
	bool back, changed = false;

	TRY(may_come_back(im, m, ob, &back));
	if (!back) {
		im->unchanged++;
		import_say(im, "noted", S(""), words(im, N_("It was removed or merged here: the file does not bring it back.")));
		return OK;
	}
	if (who->ours) {
		return update_ours(im, m, mp, ob);
	}
	if (!str_eq(who->lang, ob->lang) && !who->slug.n) {
		return translate(im, m, mp, who, ob);
	}
	enum err e = form_read_json(NULL, m, im->entity, &mp->record, NULL, im->speak, true, &f);
	if (e == E_INVALID) {
		return reject_form(im, &f);
	}
	TRY(e);
	if (before != ob->status) {
		ob->doc = (struct doc){f.doc};
		im->created++;
		return im->dry_run ? OK : save(im, m, ob, &changed);
	}
	TRY(merge(im, m, mp, ob, (struct doc){f.doc}, &doc));
	return update(im, m, ob, doc);
}

/* A feature without a word: it cannot be found again by anybody. */
static bool is_empty(const struct import *im, const struct mapped *mp)
{
	return tree_empty(tree_get(&mp->record, str_of(im->entity->title)));
}

/* {"value": …, "label": …}: vocabularies of schemas. */
static bool is_word(const struct import_row *row)
{
	return row->raw.n <= 3 && json_get(&row->raw, "value")->kind == JSON_IS_STRING && json_get(&row->raw, "label")->kind == JSON_IS_STRING;
}

/* A sentence with what it is about. */
static struct str about(const struct import *im, struct mem *m, const char *sentence, struct str text)
{
	struct str s = words(im, sentence);
	ptrdiff_t at = str_find(s, S("{text}"));

	return at < 0 ? s : str_fmt(m, "%.*s%.*s%.*s", (int)at, s.p, STR_ARG(text), STR_ARG(str_sub(s, (size_t)at + 6, s.n)));
}

static void tell(struct import *im, struct mem *m, const struct import_row *row)
{
	for (size_t i = 0; i < row->n_told; i++) {
		im->line = row->told[i].line;
		import_say(im, "noted", S(""), about(im, m, row->told[i].what, row->told[i].about));
	}
}

enum err import_one(struct import *im, struct mem *m, const struct import_row *row)
{
	struct mapped mp;
	struct row_of who;
	struct object ob;
	struct form f;
	double lat = 0, lon = 0;
	bool has, found;

	tell(im, m, row);
	im->line = row->line;
	if (row->bad) {
		return reject(im, S(""), about(im, m, row->bad, row->about));
	}
	mapping_apply(im->mapping, m, row, &mp, note, im);
	if (is_empty(im, &mp) && is_word(row)) {
		return reject(im, str_of(im->entity->title), words(im, N_("This is a word of a list, not a record: choose to import themes.")));
	}
	if (mp.kind.n && !str_eq(mp.kind, str_of(im->entity->kind))) {
		return reject(im, S("kind"), words(im, N_("This is a record of another kind.")));
	}
	if (is_empty(im, &mp) && !im->reader->n_columns && !row->id.n && mp.record.n == 0) {
		return reject(im, S(""), words(im, N_("There is nothing in it but a point.")));
	}
	if (!import_check_point(im, m, &mp, &lat, &lon, &has)) {
		im->rejected++;
		return OK;
	}
	import_find_territory(im, m, &mp, has, lat, lon);
	if (!identify(im, m, &mp, &who)) {
		im->unchanged++;
		import_say(im, "noted", S(""), words(im, N_("It is the same, word for word, as an earlier one of this file.")));
		return OK;
	}
	TRY(find_object(im, m, &mp, &who, &ob, &found));
	if (found) {
		TRY(im->live && !im->dry_run ? source_seen(im->db, im->live, ob.id, im->now) : OK);
		return known_row(im, m, &mp, &who, &ob);
	}
	enum err e = form_read_json(NULL, m, im->entity, &mp.record, NULL, im->speak, true, &f);
	if (e == E_INVALID) {
		return reject_form(im, &f);
	}
	TRY(e);
	return create(im, m, &who, (struct doc){f.doc});
}
