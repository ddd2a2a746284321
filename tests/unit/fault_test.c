/*
 * A disk that fails: SQLite's files go through a layer that refuses the n-th write, sync or truncation, once or from then on,
 * as an I/O error or as a full disk. For every n: no crash, an honest error, what was acknowledged is there, nothing is
 * there by halves, and once the disk is well the same connection works again.
 */
#include <sqlite3.h>
#include <stdlib.h>

#include "t.h"

#include "db/db.h"

struct faulty {
	sqlite3_file base;
	sqlite3_file *real; /* follows this struct */
};

static struct {
	sqlite3_vfs vfs, *real;
	sqlite3_io_methods methods;
	int64_t calls;   /* since the counting began */
	int64_t fail_at; /* 0 for never */
	bool for_good;   /* not only once */
	int code;
	bool hit;
} disk;

static sqlite3_file *real_of(sqlite3_file *f)
{
	return ((struct faulty *)f)->real;
}

static int fault(void)
{
	disk.calls++;
	if (disk.fail_at == 0 || disk.calls < disk.fail_at || (!disk.for_good && disk.calls > disk.fail_at)) {
		return SQLITE_OK;
	}
	disk.hit = true;
	return disk.code;
}

static int f_close(sqlite3_file *f)
{
	return real_of(f)->pMethods->xClose(real_of(f));
}

static int f_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return real_of(f)->pMethods->xRead(real_of(f), p, n, at);
}

static int f_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	int code = fault();

	/* a failing disk may have taken a part */
	if (code != SQLITE_OK) {
		real_of(f)->pMethods->xWrite(real_of(f), p, n / 2, at);
		return code;
	}
	return real_of(f)->pMethods->xWrite(real_of(f), p, n, at);
}

static int f_truncate(sqlite3_file *f, sqlite3_int64 n)
{
	int code = fault();

	return code != SQLITE_OK ? code : real_of(f)->pMethods->xTruncate(real_of(f), n);
}

static int f_sync(sqlite3_file *f, int flags)
{
	(void)f;
	(void)flags;
	/* not passed on: this is about errors, and the test is to be quick */
	return fault() == SQLITE_OK ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

static int f_size(sqlite3_file *f, sqlite3_int64 *n)
{
	return real_of(f)->pMethods->xFileSize(real_of(f), n);
}

static int f_lock(sqlite3_file *f, int how)
{
	return real_of(f)->pMethods->xLock(real_of(f), how);
}

static int f_unlock(sqlite3_file *f, int how)
{
	return real_of(f)->pMethods->xUnlock(real_of(f), how);
}

static int f_reserved(sqlite3_file *f, int *out)
{
	return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
}

static int f_control(sqlite3_file *f, int op, void *p)
{
	return real_of(f)->pMethods->xFileControl(real_of(f), op, p);
}

static int f_sector(sqlite3_file *f)
{
	return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int f_character(sqlite3_file *f)
{
	return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

static int f_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **p)
{
	return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, p);
}

static int f_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	return real_of(f)->pMethods->xShmLock(real_of(f), offset, n, flags);
}

static void f_shm_barrier(sqlite3_file *f)
{
	real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int f_shm_unmap(sqlite3_file *f, int drop)
{
	return real_of(f)->pMethods->xShmUnmap(real_of(f), drop);
}

static int f_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *f, int flags, int *out)
{
	struct faulty *file = (struct faulty *)f;
	int code;

	(void)vfs;
	file->real = (sqlite3_file *)(file + 1);
	code = disk.real->xOpen(disk.real, name, file->real, flags, out);
	f->pMethods = code == SQLITE_OK ? &disk.methods : NULL;
	return code;
}

static void disk_begin(void)
{
	sqlite3_initialize();
	disk.real = sqlite3_vfs_find(NULL);
	disk.vfs = *disk.real;
	disk.vfs.zName = "faulty";
	disk.vfs.szOsFile += (int)sizeof(struct faulty);
	disk.vfs.xOpen = f_open;
	/* version 2: without mapping of the file, so that all goes through here */
	disk.methods = (sqlite3_io_methods){2, f_close, f_read, f_write, f_truncate, f_sync, f_size, f_lock, f_unlock, f_reserved,
					    f_control, f_sector, f_character, f_shm_map, f_shm_lock, f_shm_barrier, f_shm_unmap,
					    NULL, NULL};
	disk.fail_at = 0;
	sqlite3_vfs_register(&disk.vfs, 1);
}

static void disk_end(void)
{
	disk.fail_at = 0;
	sqlite3_vfs_register(disk.real, 1);
	sqlite3_vfs_unregister(&disk.vfs);
}

#define ROWS 20

/* A transaction that fills some pages: row `i` and its ROWS children, all or nothing. */
static enum err work(struct db *db, void *arg)
{
	int i = *(int *)arg;
	char sql[400];

	snprintf(sql, sizeof(sql),
		 "INSERT INTO parent VALUES (%d); WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < %d)"
		 " INSERT INTO child SELECT %d * 1000 + n, %d, hex(zeroblob(700)) FROM c",
		 i, ROWS, i, i);
	return db_script(db, sql);
}

static int64_t count(struct db *db, const char *sql)
{
	struct db_rows rows;
	bool more = false;
	int64_t n = -1;
	enum err e;

	if (db_query(db, str_of(sql), NULL, 0, false, &rows) != OK) {
		return -1;
	}
	e = db_next(&rows, &more);
	n = more ? db_col_int(&rows, 0) : -1;
	return db_end(&rows, e) == OK ? n : -1;
}

static void check_after(struct t *t, const char *path, int64_t acknowledged, int64_t tried)
{
	struct str report = S("x");
	struct db *db = NULL;
	int64_t parents;

	T_OK(db_open(str_of(path), NULL, &db));
	parents = count(db, "SELECT count(*) FROM parent");
	T_TRUE(parents >= acknowledged && parents <= tried);
	T_EQ(count(db, "SELECT count(*) FROM child"), parents * ROWS);
	T_EQ(db_check(db, t->mem, &report), OK);
	T_STR(report, "");
	db_close(db);
}

/* One run with the fault at call `n`; false once the work is done before that many calls. */
static bool one_run(struct t *t, int64_t n, bool for_good, int code)
{
	const char *path = t_tmp(t, "fault.db");
	int64_t acknowledged = 0;
	struct db *db = NULL;
	int i = 0;

	if (db_open(str_of(path), NULL, &db) != OK ||
	    db_script(db, "CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT; CREATE TABLE child (id INTEGER PRIMARY KEY, "
			  "parent INTEGER NOT NULL REFERENCES parent (id), t TEXT) STRICT") != OK) {
		return t_fail(t, T_AT("open"), "does not work without faults");
	}
	disk.calls = 0;
	disk.hit = false;
	disk.code = code;
	disk.for_good = for_good;
	disk.fail_at = n;
	for (i = 1; i <= 4; i++) {
		enum err e = db_tx(db, DB_WRITE, 1, work, &i);

		if (e != OK && e != E_IO) {
			t_fail(t, T_AT("transaction"), "%s at call %lld", err_name(e), (long long)n);
		}
		acknowledged += e == OK;
		if (i == 2 && db_script(db, "PRAGMA wal_checkpoint(RESTART)") != OK && !disk.hit) {
			t_fail(t, T_AT("checkpoint"), "failed without a fault");
		}
	}
	/* well again: the same connection goes on */
	disk.fail_at = 0;
	T_EQ(db_tx(db, DB_WRITE, 1, work, &i), OK);
	acknowledged++;
	db_close(db);
	check_after(t, path, acknowledged, 5);
	return disk.hit;
}

static void faults(struct t *t)
{
	static const int codes[] = {SQLITE_IOERR_WRITE, SQLITE_FULL};
	int runs = 0;

	disk_begin();
	for (size_t c = 0; c < COUNT(codes); c++) {
		for (int for_good = 0; for_good < 2; for_good++) {
			for (int64_t n = 1; t->failed == 0 && one_run(t, n, for_good != 0, codes[c]); n++) {
				runs++;
			}
		}
	}
	disk_end();
	T_TRUE(runs > 100);
	T_TRUE(t_logged(t, "disk is full"));
}

static const struct t_case cases[] = {
	{"a failing disk loses nothing that was acknowledged", faults, 0},
};
T_SUITE(fault, cases)
