/*
 * Files that people bring: any bytes, in any of the formats, become rows or a sentence; rows become documents that the form
 * takes or refuses. The first line may name a format ("#umap").
 */
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

#include "base/utf8.h"
#include "core/atlas.h"
#include "core/object.h"
#include "html/i18n.h"
#include "mod/directory/actor.h"
#include "mod/exchange/import.h"

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

static void note(void *ctx, const char *outcome, struct str field, struct str reason)
{
	(void)ctx;
	PROMISE(outcome && field.p && reason.n);
}

static void row(struct mem *m, struct mapping *mp, const struct import_row *r)
{
	struct mapped out;
	struct form form;
	struct json doc;

	PROMISE(r->bad || r->raw.kind == JSON_IS_OBJECT);
	if (r->bad) {
		return;
	}
	mapping_apply(mp, m, r, &out, note, NULL);
	if (form_read_json(NULL, m, &actor_entity, &out.record, NULL, "fr", true, &form) != OK) {
		PROMISE(form.n_errors > 0);
		return;
	}
	doc = doc_canonical(m, &actor_entity, form.doc);
	PROMISE(utf8_ok(doc_text(m, &actor_entity, &doc)));
}

static void read_as(struct mem *m, struct str in, struct str format)
{
	struct import_reader *r = NULL;
	struct mapping mp;
	struct mem *scrap = mem_open();
	int fd = memfd_create("import", MFD_CLOEXEC);
	bool more = true;

	PROMISE(fd >= 0 && write(fd, in.p, in.n) == (ssize_t)in.n && lseek(fd, 0, SEEK_SET) == 0);
	mapping_open(&mp, m, &actor_entity);
	if (import_open(m, fd, format, &r) == OK) {
		for (int i = 0; more && i < 200; i++) {
			struct import_row got = {0};

			if (r->next(r, scrap, &got, &more) != OK) {
				PROMISE(r->what);
				break;
			}
			if (more) {
				row(scrap, &mp, &got);
			}
			mem_reset(scrap);
		}
	}
	mem_close(scrap);
	close(fd);
}

void fuzz_one(struct mem *m, struct str in)
{
	struct str format = STR_NONE;

	start();
	if (in.n && in.p[0] == '#') {
		format = str_sub(str_cut(&in, '\n'), 1, 20);
		in = in.p ? in : S("");
	}
	read_as(m, in, format);
}
