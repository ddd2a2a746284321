/*
 * SQLite: its error codes as ours, and the copy of a whole database while it is used.
 */
#include <sqlite3.h>
#include <unistd.h>

#include "impl.h"

enum err db_sqlite_err(int code)
{
	switch (code) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
	case SQLITE_CONSTRAINT_ROWID:
	case SQLITE_CONSTRAINT_FOREIGNKEY: return E_CONFLICT;
	case SQLITE_CONSTRAINT_CHECK:
	case SQLITE_CONSTRAINT_NOTNULL:
	case SQLITE_CONSTRAINT_DATATYPE: return E_INVALID;
	default: break;
	}
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_INTERRUPT: return E_BUSY;
	case SQLITE_TOOBIG: return E_LIMIT;
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB: return E_IO;
	default: return E_DB;
	}
}

static enum err copy_to(sqlite3 *from, const char *path)
{
	sqlite3 *to = NULL;
	sqlite3_backup *copy = NULL;
	int code = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);

	if (code == SQLITE_OK) {
		copy = sqlite3_backup_init(to, "main", from, "main");
		code = copy == NULL ? sqlite3_errcode(to) : SQLITE_OK;
	}
	if (copy != NULL) {
		/* all pages in one step: one snapshot, which in WAL mode stops no one */
		code = sqlite3_backup_step(copy, -1);
		sqlite3_backup_finish(copy);
	}
	sqlite3_close_v2(to);
	if (code == SQLITE_OK || code == SQLITE_DONE) {
		return OK;
	}
	return fail(db_sqlite_err(code), "sqlite: backup: %s", sqlite3_errstr(code));
}

enum err db_sqlite_copy(void *handle, const char *path)
{
	struct mem *m = mem_open();
	const char *part = str_c(m, str_fmt(m, "%s.part", path));
	enum err e = OK;

	if (access(path, F_OK) == 0) {
		e = fail(E_CONFLICT, "backup: the file exists already");
	} else {
		unlink(part);
		e = copy_to(handle, part);
		if (e == OK && rename(part, path) != 0) {
			e = fail(E_IO, "backup: the file cannot be renamed");
		}
		if (e != OK) {
			unlink(part);
		}
	}
	mem_close(m);
	return e;
}
