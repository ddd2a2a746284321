/*
 * maillage backup and restore: all of a site in one file, a tar archive that holds the database as of one instant and the files
 * beside it. While the server runs, too. With PostgreSQL, pg_dump and pg_restore do the database's part; or the rows travel in
 * an SQLite file, which either engine takes back: so a site moves from one to the other.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../base/log.h"
#include "../base/tar.h"
#include "../base/time.h"
#include "../core/verify.h"
#include "commands.h"
#include "open.h"

static const struct opt opts[] = {OPTS_DATA};
static const struct opt backup_opts[] = {
	OPTS_DATA,
	{"portable", NULL, "with PostgreSQL: the rows as an SQLite file, which restore takes into either", NULL, 0},
};

#define DB_NAME "maillage.db"
#define DUMP_NAME "maillage.pgdump"

static enum err broken(const char *path)
{
	return fail(E_IO, "%s: %s", path, strerror(errno));
}

/* Runs a program of PostgreSQL's and waits; E_BUSY when there is none on this machine. */
static enum err run_program(const char *const *argv)
{
	extern char **environ;
	union {
		const char *const *in;
		char *const *out;
	} as = {argv};
	pid_t pid;
	int status = 0, code = posix_spawnp(&pid, argv[0], NULL, NULL, as.out, environ);

	if (code != 0) {
		return fail(E_BUSY, "%s: %s (install postgresql-client)", argv[0], strerror(code));
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
		return fail(E_BUSY, "%s is not on this machine (install postgresql-client)", argv[0]);
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? OK : fail(E_IO, "%s failed", argv[0]);
}

static bool is_pg(struct str where)
{
	return str_starts(where, S("postgres://")) || str_starts(where, S("postgresql://")) ||
	       str_find(where, S("dbname=")) >= 0;
}

static void say(void *arg, struct str what)
{
	(void)arg;
	log_warn("%.*s", STR_ARG(what));
}

/* All rows of `from` into the empty database `to`, but the index of words: each engine has its own. */
static enum err carry_rows(struct db *from, struct db *to)
{
	static const char *const own[] = {"search", "search_word"};
	int64_t n;

	TRY(db_migrate(to, sql_migrations, sql_migrations_n, NULL));
	return db_carry(from, to, own, COUNT(own), &n);
}

/* What was left out above, made again. The modules have started on these rows: themes and settings are known. */
static enum err derive(struct db *db)
{
	struct verify v = {.found = say, .rebuild = true};

	return verify_all(db, &v);
}

/* ---- backup ----------------------------------------------------------------------------------------------------------- */

static enum err put_file(struct mem *m, int out, const char *path, struct str name)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	enum err e;

	(void)m;
	if (fd < 0) {
		return errno == ENOENT ? OK : broken(path); /* gone meanwhile: the database does not need it any more */
	}
	if (fstat(fd, &st) != 0) {
		e = broken(path);
	} else {
		e = S_ISREG(st.st_mode) ? tar_put(out, name, fd, st.st_size, (int64_t)st.st_mtime * 1000) : OK;
	}
	close(fd);
	return e;
}

/* The files below the data directory: all but the database, which is copied apart, and what is only passing. */
static enum err put_folder(struct mem *m, int out, struct str dir, struct str under)
{
	const char *path = str_c(m, under.n ? str_fmt(m, "%.*s/%.*s", STR_ARG(dir), STR_ARG(under)) : dir);
	DIR *d = opendir(path);
	enum err e = OK;

	if (!d) {
		return errno == ENOENT ? OK : broken(path);
	}
	for (struct dirent *entry = readdir(d); entry && e == OK; entry = readdir(d)) {
		struct str name = str_of(entry->d_name);
		struct str inside = under.n ? str_fmt(m, "%.*s/%.*s", STR_ARG(under), STR_ARG(name)) : str_dup(m, name);
		struct stat st;

		if (name.p[0] == '.' || (!under.n && (str_starts(name, S(DB_NAME)) || str_eq(name, S("tmp"))))) {
			continue;
		}
		const char *full = str_c(m, str_fmt(m, "%.*s/%.*s", STR_ARG(dir), STR_ARG(inside)));
		if (lstat(full, &st) != 0) {
			continue;
		}
		e = S_ISDIR(st.st_mode) ? put_folder(m, out, dir, inside) : put_file(m, out, full, inside);
	}
	closedir(d);
	return e;
}

static enum err copy_rows(struct opened *o, const char *to)
{
	struct db *db;

	unlink(to); /* of one that was interrupted under the same number */
	TRY(db_open(str_of(to), NULL, &db));
	enum err e = carry_rows(o->db, db);
	e = e == OK ? derive(db) : e;
	db_close(db);
	return e;
}

static enum err copy_database(struct mem *m, struct opened *o, bool portable, const char *to)
{
	if (!is_pg(o->where)) {
		return db_backup(o->db, to);
	}
	if (portable) {
		return copy_rows(o, to);
	}
	const char *const argv[] = {"pg_dump", "--format=custom", "--no-owner",       "--file",
				    to,        "--dbname",        str_c(m, o->where), NULL};
	return run_program(argv);
}

static enum err write_archive(struct mem *m, struct opened *o, bool portable, const char *db_copy, int out)
{
	TRY(copy_database(m, o, portable, db_copy));
	TRY(put_file(m, out, db_copy, is_pg(o->where) && !portable ? S(DUMP_NAME) : S(DB_NAME)));
	TRY(put_folder(m, out, o->data, S("")));
	TRY(tar_end(out));
	return fsync(out) == 0 ? OK : broken("backup");
}

static enum err backup(struct args *a, struct opened *o)
{
	const char *file = str_c(a->mem, a->operands[0]);
	const char *part = str_c(a->mem, str_fmt(a->mem, "%s.part", file));
	const char *tmp = str_c(a->mem, str_fmt(a->mem, "%.*s/tmp", STR_ARG(o->data)));
	const char *copy = str_c(a->mem, str_fmt(a->mem, "%s/backup-%ld", tmp, (long)getpid()));

	if (access(file, F_OK) == 0) {
		return fail(E_IO, "%s exists already", file);
	}
	if (mkdir(tmp, 0700) != 0 && errno != EEXIST) {
		return broken(tmp);
	}
	int out = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (out < 0) {
		return broken(part);
	}
	enum err e = write_archive(a->mem, o, opt_on(a, "portable"), copy, out);
	close(out);
	unlink(copy);
	if (e == OK && rename(part, file) != 0) {
		e = broken(file);
	}
	if (e != OK) {
		unlink(part);
	}
	return e;
}

static int run_backup(struct args *a)
{
	struct opened o;
	enum err e = cmd_open(a, false, &o);

	if (e == OK) {
		e = backup(a, &o);
		cmd_close(&o);
	}
	if (e != OK) {
		return exit_of(e);
	}
	printf("All of the site is in %.*s\n", STR_ARG(a->operands[0]));
	return EXIT_DONE;
}

const struct command cmd_backup = {
	.name = "backup",
	.operands = "FILE",
	.doc = "Writes database and files into one archive, while the server runs",
	.opts = TABLE(backup_opts),
	.operands_min = 1,
	.operands_max = 1,
	.run = run_backup,
};

/* ---- restore ---------------------------------------------------------------------------------------------------------- */

/* Makes the folders that a name inside the data directory needs. */
static enum err make_folders(struct mem *m, struct str dir, const char *name)
{
	for (const char *p = strchr(name, '/'); p; p = strchr(p + 1, '/')) {
		struct str upto = {name, (size_t)(p - name)};
		const char *path = str_c(m, str_fmt(m, "%.*s/%.*s", STR_ARG(dir), STR_ARG(upto)));
		if (mkdir(path, 0700) != 0 && errno != EEXIST) {
			return broken(path);
		}
	}
	return OK;
}

static enum err take_entry(struct mem *m, int in, struct str dir, const struct tar_entry *entry)
{
	const char *path = str_c(m, str_fmt(m, "%.*s/%s", STR_ARG(dir), entry->name));

	if (strcmp(entry->name, "maillage.conf") == 0 && access(path, F_OK) == 0) {
		path = str_c(m, str_fmt(m, "%s.backup", path)); /* the new machine's own stays */
	}
	TRY(make_folders(m, dir, entry->name));
	int out = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (out < 0) {
		return broken(path);
	}
	enum err e = tar_copy(in, entry, out);
	if (e == OK && fsync(out) != 0) {
		e = broken(path);
	}
	close(out);
	return e;
}

static enum err extract(struct mem *m, int in, struct str dir, bool *has_db, bool *has_dump)
{
	for (;;) {
		struct tar_entry entry;
		bool more;

		TRY(tar_next(in, &entry, &more));
		if (!more) {
			return OK;
		}
		*has_db = *has_db || strcmp(entry.name, DB_NAME) == 0;
		*has_dump = *has_dump || strcmp(entry.name, DUMP_NAME) == 0;
		TRY(take_entry(m, in, dir, &entry));
	}
}

static enum err restore_dump(struct args *a, struct str dir, struct str url)
{
	const char *path = str_c(a->mem, str_fmt(a->mem, "%.*s/" DUMP_NAME, STR_ARG(dir)));
	const char *const argv[] = {
		"pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", "--dbname", str_c(a->mem, url),
		path,         NULL};
	enum err e = run_program(argv);

	unlink(path);
	return e;
}

static void unlink_sqlite(struct mem *m, const char *path)
{
	(void)unlink(path);
	(void)unlink(str_c(m, str_fmt(m, "%s-wal", path)));
	(void)unlink(str_c(m, str_fmt(m, "%s-shm", path)));
}

/* The rows of an SQLite file, migrated, into a PostgreSQL database that had none. */
static enum err carry_file(struct db *from, struct str url)
{
	struct db *to;
	int schema = 0;

	TRY(db_migrate(from, sql_migrations, sql_migrations_n, NULL));
	TRY(db_open(url, NULL, &to));
	enum err e = db_schema(to, &schema);
	if (e == OK && schema != 0) {
		e = fail_aloud(E_INVALID, "this PostgreSQL database is not empty: a backup is restored into a new one");
	}
	e = e == OK ? carry_rows(from, to) : e;
	db_close(to);
	return e;
}

/* The archive's SQLite file into PostgreSQL; then the file goes. */
static enum err restore_rows(struct args *a, struct str dir, struct str url)
{
	const char *path = str_c(a->mem, str_fmt(a->mem, "%.*s/" DB_NAME, STR_ARG(dir)));
	struct db_options opt = {.must_exist = true};
	struct opened o;
	struct db *from;

	TRY(db_open(str_of(path), &opt, &from));
	enum err e = carry_file(from, url);
	db_close(from);
	TRY(e);
	unlink_sqlite(a->mem, path);
	TRY(cmd_open(a, false, &o));
	e = derive(o.db);
	cmd_close(&o);
	return e;
}

/* What the archive's settings file says of a database holds no longer, for the data is where it was restored to. */
static enum err settle_conf(struct args *a, struct str dir)
{
	const char *conf = str_c(a->mem, str_fmt(a->mem, "%.*s/maillage.conf", STR_ARG(dir)));
	const char *old = str_c(a->mem, str_fmt(a->mem, "%s.backup", conf));
	struct str url = opt_get(a, "db"), said = STR_NONE;

	TRY(cmd_conf(a));
	for (size_t i = 0; i < a->n_conf; i++) {
		said = strcmp(a->conf[i].opt->name, "db") == 0 ? a->conf[i].value : said;
	}
	if (!said.p || str_eq(said, url)) {
		return OK;
	}
	a->n_conf = 0;
	fprintf(stderr, "maillage restore: the settings name another database; they are now in %s\n", old);
	return rename(conf, old) == 0 ? OK : broken(conf);
}

/* Nothing of a site may stand there yet: what is there is never overwritten. */
static enum err empty_place(struct args *a, struct str dir)
{
	const char *path = str_c(a->mem, dir);
	DIR *d;
	size_t n = 0;

	if (mkdir(path, 0700) != 0 && errno != EEXIST) {
		return broken(path);
	}
	d = opendir(path);
	if (!d) {
		return broken(path);
	}
	for (struct dirent *entry = readdir(d); entry; entry = readdir(d)) {
		n += entry->d_name[0] != '.' && strcmp(entry->d_name, "maillage.conf") != 0;
	}
	closedir(d);
	return n == 0 ? OK : fail(E_IO, "%s is not empty: a backup is restored into a new folder (--data)", path);
}

static enum err restore(struct args *a)
{
	struct str dir = opt_get(a, "data"), url;
	const char *file = str_c(a->mem, a->operands[0]);
	bool has_db = false, has_dump = false;

	TRY(cmd_conf(a));
	url = opt_get(a, "db");
	bool had_conf = access(str_c(a->mem, str_fmt(a->mem, "%.*s/maillage.conf", STR_ARG(dir))), F_OK) == 0;
	int in = open(file, O_RDONLY | O_CLOEXEC);
	if (in < 0) {
		(void)broken(file);
		return E_INVALID;
	}
	enum err e = empty_place(a, dir);
	e = e == OK ? extract(a->mem, in, dir, &has_db, &has_dump) : e;
	close(in);
	TRY(e);
	if (has_dump ? !url.p : !has_db) {
		return fail(E_INVALID, "%s holds %s", file,
			    has_dump ? "a database of PostgreSQL: give --db, or back up with --portable" : "no database");
	}
	if (!had_conf && !opt_get(a, "config").p) {
		TRY(settle_conf(a, dir));
	}
	return has_dump ? restore_dump(a, dir, url) : url.p ? restore_rows(a, dir, url) : OK;
}

static int run_restore(struct args *a)
{
	struct opened o;
	struct str report = STR_NONE;
	enum err e = restore(a);

	if (e == OK) {
		e = cmd_open(a, true, &o);
	}
	if (e != OK) {
		return exit_of(e);
	}
	e = db_check(o.db, a->mem, &report);
	cmd_close(&o);
	if (e != OK || report.n) {
		fprintf(stderr, "maillage restore: the database of this backup is damaged:\n%.*s\n", STR_ARG(report));
		return e != OK ? exit_of(e) : EXIT_DATA;
	}
	printf("The site of %.*s is in %.*s\n", STR_ARG(a->operands[0]), STR_ARG(opt_get(a, "data")));
	return EXIT_DONE;
}

const struct command cmd_restore = {
	.name = "restore",
	.operands = "FILE",
	.doc = "Brings a backup back, into a new data directory",
	.opts = TABLE(opts),
	.operands_min = 1,
	.operands_max = 1,
	.run = run_restore,
};
