/*
 * Tar archives: blocks of 512 bytes, a head before each file, two empty blocks at the end.
 */
#include "tar.h"

#include <errno.h>
#include <unistd.h>

enum { BLOCK = 512, PIECE = 64 * 1024 };

/* Where the parts of a head stand. */
enum {
	AT_NAME = 0,
	AT_MODE = 100,
	AT_UID = 108,
	AT_GID = 116,
	AT_SIZE = 124,
	AT_TIME = 136,
	AT_SUM = 148,
	AT_TYPE = 156,
	AT_MAGIC = 257
};

static enum err write_all(int fd, const void *p, size_t n)
{
	const char *at = p;

	while (n > 0) {
		ssize_t w = write(fd, at, n);
		if (w < 0 && errno != EINTR) {
			return fail(E_IO, "archive: %s", strerror(errno));
		}
		if (w > 0) {
			at += w;
			n -= (size_t)w;
		}
	}
	return OK;
}

/* Fills `n` bytes; *got less only at the end of the file. */
static enum err read_all(int fd, void *p, size_t n, size_t *got)
{
	char *at = p;

	*got = 0;
	while (*got < n) {
		ssize_t r = read(fd, at + *got, n - *got);
		if (r == 0) {
			return OK;
		}
		if (r < 0 && errno != EINTR) {
			return fail(E_IO, "archive: %s", strerror(errno));
		}
		if (r > 0) {
			*got += (size_t)r;
		}
	}
	return OK;
}

static unsigned sum_of(const unsigned char head[BLOCK])
{
	unsigned sum = 0;

	for (int i = 0; i < BLOCK; i++) {
		sum += i >= AT_SUM && i < AT_SUM + 8 ? ' ' : head[i];
	}
	return sum;
}

/* `digits` octal digits and a NUL; sizes beyond them as a binary number marked by its first bit, as GNU tar does. */
static void put_number(unsigned char *at, int digits, int64_t v)
{
	if (v >> (3 * digits) != 0) {
		for (int i = digits; i >= 0; i--) {
			at[i] = (unsigned char)(v & 0xff);
			v >>= 8;
		}
		at[0] = 0x80;
		return;
	}
	for (int i = digits - 1; i >= 0; i--) {
		at[i] = (unsigned char)('0' + (v & 7));
		v >>= 3;
	}
}

static bool get_number(const unsigned char *at, int n, int64_t *out)
{
	int64_t v = 0;

	if (at[0] == 0x80) {
		for (int i = 1; i < n; i++) {
			if (v >> 54) {
				return false;
			}
			v = v << 8 | at[i];
		}
		*out = v;
		return true;
	}
	for (int i = 0; i < n && at[i] && at[i] != ' '; i++) {
		if (at[i] < '0' || at[i] > '7' || v >> 54) {
			return false;
		}
		v = v << 3 | (at[i] - '0');
	}
	*out = v;
	return true;
}

static size_t padding(int64_t size)
{
	return (size_t)((BLOCK - size % BLOCK) % BLOCK);
}

enum err tar_put(int out, struct str name, int fd, int64_t size, int64_t mtime_ms)
{
	unsigned char head[BLOCK] = {0};
	static const char zeros[BLOCK];
	char piece[PIECE];

	if (name.n == 0 || name.n > TAR_NAME_MAX) {
		return fail(E_LIMIT, "archive: the name %.*s is too long", STR_ARG(name));
	}
	memcpy(head + AT_NAME, name.p, name.n);
	put_number(head + AT_MODE, 7, 0600);
	put_number(head + AT_UID, 7, 0);
	put_number(head + AT_GID, 7, 0);
	put_number(head + AT_SIZE, 11, size);
	put_number(head + AT_TIME, 11, mtime_ms / 1000);
	head[AT_TYPE] = '0';
	memcpy(head + AT_MAGIC,
	       "ustar\0"
	       "00",
	       8);
	put_number(head + AT_SUM, 6, sum_of(head));
	head[AT_SUM + 7] = ' ';
	TRY(write_all(out, head, BLOCK));
	for (int64_t left = size; left > 0;) {
		size_t want = left < PIECE ? (size_t)left : PIECE, got;
		TRY(read_all(fd, piece, want, &got));
		if (got < want) {
			return fail(E_IO, "archive: %.*s became shorter while it was read", STR_ARG(name));
		}
		TRY(write_all(out, piece, got));
		left -= (int64_t)got;
	}
	return write_all(out, zeros, padding(size));
}

enum err tar_end(int out)
{
	static const char zeros[2 * BLOCK];

	return write_all(out, zeros, sizeof(zeros));
}

/* Relative, without "..", of plain characters: what our own backups hold. */
static bool name_ok(const char *name)
{
	if (name[0] == '\0' || name[0] == '/' || strstr(name, "..")) {
		return false;
	}
	for (const char *p = name; *p; p++) {
		bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
			     strchr("-_./", *p);
		if (!plain || (*p == '/' && (p[1] == '/' || p[1] == '\0'))) {
			return false;
		}
	}
	return true;
}

enum err tar_next(int in, struct tar_entry *entry, bool *more)
{
	unsigned char head[BLOCK];
	int64_t sum;
	size_t got;

	*more = false;
	TRY(read_all(in, head, BLOCK, &got));
	if (got < BLOCK) {
		return fail(E_INVALID, "archive: it ends too early");
	}
	if (head[0] == 0 && sum_of(head) == 8 * ' ') {
		return OK;
	}
	if (!get_number(head + AT_SUM, 8, &sum) || sum != (int64_t)sum_of(head) ||
	    memcmp(head + AT_MAGIC, "ustar", 5) != 0) {
		return fail(E_INVALID, "archive: this is no backup of ours, or it is damaged");
	}
	memcpy(entry->name, head + AT_NAME, TAR_NAME_MAX);
	entry->name[TAR_NAME_MAX] = '\0';
	if (head[AT_TYPE] != '0' || !name_ok(entry->name) || !get_number(head + AT_SIZE, 12, &entry->size)) {
		return fail(E_INVALID, "archive: it holds what no backup of ours holds");
	}
	*more = true;
	return OK;
}

enum err tar_copy(int in, const struct tar_entry *entry, int out)
{
	char piece[PIECE];
	size_t got;

	for (int64_t left = entry->size; left > 0;) {
		size_t want = left < PIECE ? (size_t)left : PIECE;
		TRY(read_all(in, piece, want, &got));
		if (got < want) {
			return fail(E_INVALID, "archive: it ends too early");
		}
		TRY(write_all(out, piece, got));
		left -= (int64_t)got;
	}
	TRY(read_all(in, piece, padding(entry->size), &got));
	return got == padding(entry->size) ? OK : fail(E_INVALID, "archive: it ends too early");
}
