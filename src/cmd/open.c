/*
 * Opening the data.
 */
#include "open.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/limits.h"
#include "../base/log.h"
#include "../core/account.h"
#include "../core/atlas.h"
#include "../core/outline.h"
#include "../core/media.h"
#include "../core/object.h"
#include "../core/setting.h"
#include "../crypt/crypt.h"
#include "../http/fetch.h"
#include "../web/req.h"

#define CONF_MAX KIB(64)

static enum err read_file(struct mem *m, const char *path, struct str *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *p = mem_get(m, CONF_MAX);
	ssize_t n;

	if (fd < 0) {
		return errno == ENOENT ? E_NOTFOUND : fail(E_IO, "%s: %s", path, strerror(errno));
	}
	n = read(fd, p, CONF_MAX);
	close(fd);
	if (n < 0 || (size_t)n == CONF_MAX) {
		return fail_aloud(E_INVALID, "%s: %s", path, n < 0 ? strerror(errno) : "too long for a settings file");
	}
	*out = (struct str){p, (size_t)n};
	return OK;
}

static struct str data_dir(const struct args *a)
{
	struct str dir = opt_get(a, "data");

	while (dir.n > 1 && dir.p[dir.n - 1] == '/') {
		dir = str_sub(dir, 0, dir.n - 1);
	}
	return dir;
}

enum err cmd_conf(struct args *a)
{
	struct str given = opt_get(a, "config"), text;
	const char *path = str_c(a->mem, given.p ? given : str_fmt(a->mem, "%.*s/maillage.conf", STR_ARG(data_dir(a))));
	enum err e = read_file(a->mem, path, &text);

	if (e == E_NOTFOUND) {
		return given.p ? fail_aloud(E_INVALID, "%s: there is no such file", path) : OK;
	}
	TRY(e);
	return opts_conf(a, text, path);
}

/* The directory and what is above it, for this user alone. */
static enum err make_dir(struct mem *m, struct str dir)
{
	const char *path = str_c(m, dir);

	if (mkdir(path, 0700) != 0 && errno != EEXIST) {
		return fail(E_IO, "%s: %s", path, strerror(errno));
	}
	if (access(path, W_OK | X_OK) != 0) {
		return fail(E_IO, "%s: %s", path, strerror(errno));
	}
	return OK;
}

static enum err start_modules(struct mem *m, struct db *db)
{
	session_install();
	TRY(lang_open());
	TRY(atlas_open_built_in());
	TRY(outline_open_built_in());
	object_start();
	TRY(site_load(db));
	for (size_t i = 0; i < modules_n; i++) {
		if (modules[i]->on_start) {
			TRY(modules[i]->on_start(db, m));
		}
	}
	return OK;
}

static enum err open_db(struct args *a, bool make, struct opened *o)
{
	struct db_options opt = {.must_exist = !make};
	int applied = 0, schema = 0;
	enum err e = db_open(o->where, &opt, &o->db);

	if (e == E_NOTFOUND) {
		return fail_aloud(e, "there is no data in %.*s yet: maillage serve makes it", STR_ARG(o->data));
	}
	TRY(e);
	if (make) {
		TRY(db_migrate(o->db, sql_migrations, sql_migrations_n, &applied));
		if (applied) {
			log_info("database: %d migrations applied", applied);
		}
	} else {
		TRY(db_schema(o->db, &schema));
		if (schema != sql_migrations[sql_migrations_n - 1].number) {
			return fail_aloud(E_CONFLICT,
				    "the database is at migration %d, this program at %d: run maillage migrate", schema,
				    sql_migrations[sql_migrations_n - 1].number);
		}
	}
	return start_modules(a->mem, o->db);
}

enum err cmd_open(struct args *a, bool make, struct opened *o)
{
	struct str url;
	enum err e;

	*o = (struct opened){.data = data_dir(a)};
	TRY(crypt_start());
	TRY(cmd_conf(a));
	if (make) {
		TRY(make_dir(a->mem, o->data));
	}
	TRY(media_start(o->data, NULL));
	url = opt_get(a, "db");
	o->where = url.p ? url : str_fmt(a->mem, "%.*s/maillage.db", STR_ARG(o->data));
	e = open_db(a, make, o);
	if (e != OK) {
		cmd_close(o);
	}
	return e;
}

void cmd_close(struct opened *o)
{
	db_close(o->db);
	o->db = NULL;
}

bool cmd_allow_fetches(const struct args *a)
{
	struct str range;

	for (size_t i = 0; (range = opt_at(a, "allow-fetch", i)).p; i++) {
		if (!fetch_allow(range)) {
			log_error("allow-fetch: %.*s is no range of addresses, or one too many", STR_ARG(range));
			return false;
		}
	}
	return true;
}
