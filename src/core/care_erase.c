/*
 * Erasing a person: finding words in pages and their history, in proposals, mails and accounts, and taking them out.
 */
#include "account.h"
#include "../base/limits.h"
#include "../entity/tree.h"
#include "care.h"
#include "care.sql.h"
#include "mail.h"
#include "proposal.h"
#include "words.h"

bool care_words_ok(struct str words)
{
	size_t letters = 0;

	for (size_t i = 0; i < words.n; i++) {
		letters += words.p[i] != ' ' && words.p[i] != '.' && words.p[i] != '@';
	}
	return letters >= 5 && words.n <= 254;
}

/* ---- in a document ---------------------------------------------------------------------------------------------------- */

static bool holds(struct mem *m, const struct json *v, struct str low)
{
	if (v->kind == JSON_IS_STRING) {
		return words_hold(m, v->text, low);
	}
	for (size_t i = 0; i < v->n; i++) {
		if (holds(m, &v->items[i], low)) {
			return true;
		}
	}
	return false;
}

static struct json without_words(struct mem *m, const struct json *v, struct str low)
{
	struct json out = *v;

	if (v->kind == JSON_IS_STRING) {
		out.text = words_cut_out(m, v->text, low);
	} else if (v->kind == JSON_IS_ARRAY) {
		out = tree_array();
		for (size_t i = 0; i < v->n; i++) {
			tree_add(m, &out, without_words(m, &v->items[i], low));
		}
	} else if (v->kind == JSON_IS_OBJECT) {
		out = tree_object();
		for (size_t i = 0; i < v->n; i++) {
			tree_put(m, &out, v->keys[i], without_words(m, &v->items[i], low));
		}
	}
	return out;
}

static bool is_personal(const struct field *f)
{
	return f->purpose || (f->flags & (PRIVATE | MEMBERS | BY_ITEM)) || f->type == F_MAIL || f->type == F_PHONE;
}

/* Personal values that hold the words go whole: half a contact is no contact. */
static struct json field_without(struct mem *m, const struct field *f, const struct json *v, struct str low)
{
	struct json out = tree_array();

	if (!holds(m, v, low)) {
		return *v;
	}
	if (f->type == F_URL || f->type == F_FILE || f->type == F_OBJECT) {
		return (struct json){.kind = JSON_IS_NONE};
	}
	if (!is_personal(f) && f->type != F_GROUP) {
		return without_words(m, v, low);
	}
	if (v->kind != JSON_IS_ARRAY) {
		return (struct json){.kind = JSON_IS_NONE};
	}
	for (size_t i = 0; i < v->n; i++) {
		if (!holds(m, &v->items[i], low)) {
			tree_add(m, &out, v->items[i]);
		} else if (!is_personal(f) && f->type == F_GROUP) {
			tree_add(m, &out, without_words(m, &v->items[i], low));
		}
	}
	return out;
}

static struct json *doc_without(struct mem *m, const struct entity *e, const struct json *doc, struct str low, bool title_too)
{
	struct json out = tree_object(), *canonical = mem_new(m, struct json);

	for (size_t i = 0; i < e->n_fields; i++) {
		const struct field *f = &e->fields[i];
		const struct json *v = tree_get(doc, str_of(f->name));
		bool title = strcmp(f->name, e->title) == 0;

		tree_put(m, &out, str_of(f->name), title && !title_too ? *v : field_without(m, f, v, low));
	}
	tree_put(m, &out, S("translations"), without_words(m, json_get(doc, "translations"), low));
	*canonical = doc_canonical(m, e, &out);
	return canonical;
}

/* ---- finding ---------------------------------------------------------------------------------------------------------- */

/* What LIKE looks for: the words as JSON writes them. */
static struct str pattern(struct mem *m, struct str words)
{
	struct buf b = buf_make(m, KIB(4));
	const struct json j = tree_str(words);
	struct str text = tree_text(m, &j);

	buf_put_c(&b, '%');
	for (size_t i = 1; i + 1 < text.n; i++) {
		if (text.p[i] == '%' || text.p[i] == '_' || text.p[i] == '!') {
			buf_put_c(&b, '!');
		}
		buf_put_c(&b, text.p[i]);
	}
	buf_put_c(&b, '%');
	return buf_str(&b);
}

static enum err add_hit(struct db *db, struct mem *m, struct care_found *out, int64_t id, bool now, struct str low)
{
	for (size_t i = 0; i < out->n; i++) {
		if (out->objects[i].ob.id == id) {
			return OK;
		}
	}
	if (out->n == CARE_OBJECTS) {
		out->more = true;
		return OK;
	}
	struct care_hit *h = &out->objects[out->n++];
	TRY(object_by_id(db, m, id, &h->ob));
	h->now = now;
	h->in_title = words_hold(m, h->ob.title, low);
	return OK;
}

static enum err find_window(struct db *db, struct mem *m, struct str words, int64_t after, struct care_found *out)
{
	struct str low = str_lower(m, words), lower = pattern(m, low), typed = pattern(m, words);
	int64_t upto = after + CARE_WINDOW;
	struct care_objects_with_row *rows;
	struct care_revisions_with_row *past;
	size_t n;

	TRY(care_objects_with(db, after, upto, lower, typed, CARE_OBJECTS + 1, m, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(add_hit(db, m, out, rows[i].id, true, low));
	}
	TRY(care_revisions_with(db, after, upto, lower, typed, CARE_OBJECTS + 1, m, &past, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(add_hit(db, m, out, past[i].object, false, low));
	}
	return OK;
}

enum err care_find(struct db *db, struct mem *m, const struct site *site, struct str words, int64_t after, struct care_found *out)
{
	struct care_last_object_row last;
	struct account a;

	*out = (struct care_found){.objects = mem_array(m, struct care_hit, CARE_OBJECTS)};
	TRY(care_last_object(db, m, &last));
	for (int i = 0; i < CARE_WINDOWS && after < last.last && !out->more; i++) {
		TRY(find_window(db, m, words, after, out));
		after += CARE_WINDOW;
	}
	out->next = after < last.last && !out->more ? after : 0;
	TRY(proposals_forget(db, m, words, false, &out->proposals));
	TRY(mail_forget(db, m, site, words, false, &out->mails));
	enum err err = mail_address_ok(words) ? account_by_mail(db, m, site, words, &a) : E_NOTFOUND;
	if (err == OK) {
		out->account = a.id;
		out->role = a.role;
	}
	return err == E_NOTFOUND ? OK : err;
}

/* ---- erasing ---------------------------------------------------------------------------------------------------------- */

static enum err erase_history(struct db *db, struct mem *m, const struct entity *e, int64_t id, struct str words, struct str low)
{
	int64_t after = 0;

	TRY(care_notes_clear(db, id, pattern(m, low), pattern(m, words)));
	for (;;) {
		struct mem_mark mark = mem_mark(m);
		struct care_revisions_row *rows;
		size_t n;

		TRY(care_revisions(db, id, after, 200, m, &rows, &n));
		for (size_t i = 0; i < n; i++) {
			struct doc d;
			TRY(doc_parse(m, rows[i].before, &d));
			if (holds(m, d.j, low)) {
				TRY(care_revision_put(db, rows[i].id, doc_text_of(m, doc_without(m, e, d.j, low, true))));
			}
		}
		if (n < 200) {
			return OK;
		}
		after = rows[n - 1].version;
		mem_rewind(m, mark);
	}
}

enum err care_erase(struct db *db, struct mem *m, const struct site *site, struct str words, const int64_t *objects, size_t n,
		    const struct act *act, struct care_done *out)
{
	struct str low = str_lower(m, words);
	struct account a;

	*out = (struct care_done){.objects = 0};
	for (size_t i = 0; i < n; i++) {
		struct object ob;
		TRY(object_by_id(db, m, objects[i], &ob));
		ob.doc.j = doc_without(m, ob.entity, ob.doc.j, low, false);
		TRY(object_save(db, m, &ob, act, NULL));
		TRY(erase_history(db, m, ob.entity, ob.id, words, low));
		out->objects++;
	}
	TRY(proposals_forget(db, m, words, true, &out->proposals));
	TRY(mail_forget(db, m, site, words, true, &out->mails));
	enum err err = mail_address_ok(words) ? account_by_mail(db, m, site, words, &a) : E_NOTFOUND;
	if (err == OK && a.role < ROLE_MODERATOR) {
		TRY(account_close(db, a.id));
		out->account = true;
	}
	return err == E_NOTFOUND ? OK : err;
}
