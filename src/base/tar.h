/*
 * Archives of files as tar writes them (POSIX ustar): one file that any system can open. For backups: plain files only, names
 * within the archive's own folder; what else an archive holds is refused, not guessed.
 */
#ifndef BASE_TAR_H
#define BASE_TAR_H

#include "err.h"
#include "str.h"

#define TAR_NAME_MAX 99

/* Writes the file open at `fd` (read from its beginning, `size` bytes) into the archive open at `out`. */
MUST_USE enum err tar_put(int out, struct str name, int fd, int64_t size, int64_t mtime_ms);
/* The end of the archive. */
MUST_USE enum err tar_end(int out);

struct tar_entry {
	char name[TAR_NAME_MAX + 1];
	int64_t size;
};
/* The next file; *more false at the end. E_INVALID for what is no archive of ours: a link, a name that leads outside, a sum
 * that is wrong, an archive cut short. */
MUST_USE enum err tar_next(int in, struct tar_entry *entry, bool *more);
/* Copies the entry's content, just named by tar_next(), to `out`. */
MUST_USE enum err tar_copy(int in, const struct tar_entry *entry, int out);

#endif
