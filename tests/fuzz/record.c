/*
 * A record as the API, a form or an import gives it: taken or refused with a reason; what is taken is stable (its canonical text
 * reads back as itself), and its public view holds nothing that was private.
 */
#include "fuzz.h"

#include "base/utf8.h"
#include "core/atlas.h"
#include "core/derive.h"
#include "html/i18n.h"
#include "mod/directory/actor.h"

static void start(void)
{
	static bool started;

	if (!started) {
		started = true;
		PROMISE(lang_open() == OK && atlas_open_built_in() == OK);
		entity_add(&actor_entity);
		object_start();
	}
}

void fuzz_one(struct mem *m, struct str in)
{
	struct json tree, doc, again, raw;
	struct form form;
	struct derived d;

	start();
	if (json_parse(m, in, &tree, NULL) != OK) {
		return;
	}
	if (form_read_json(NULL, m, &actor_entity, &tree, NULL, "fr", false, &form) != OK) {
		PROMISE(form.n_errors > 0 && form.errors[0].reason.n > 0);
		return;
	}
	doc = doc_canonical(m, &actor_entity, form.doc);
	struct str text = doc_text(m, &actor_entity, &doc);
	PROMISE(utf8_ok(text) && json_parse(m, text, &raw, NULL) == OK);
	again = doc_canonical(m, &actor_entity, &raw);
	PROMISE(str_eq(doc_text(m, &actor_entity, &again), text));
	PROMISE(form_read_json(NULL, m, &actor_entity, &raw, NULL, "fr", false, &form) == OK);
	object_derive(m, &actor_entity, (struct doc){&doc}, S("fr"), &d);
	PROMISE(d.title.n > 0 && utf8_ok(d.title));
}
