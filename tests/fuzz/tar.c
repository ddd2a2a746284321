/* An archive to restore from: names stay inside, sizes are believed only as far as the bytes go. */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

#include "base/tar.h"

void fuzz_one(struct mem *m, struct str in)
{
	int fd = memfd_create("tar", MFD_CLOEXEC), out = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct tar_entry entry;
	bool more = true;

	(void)m;
	PROMISE(fd >= 0 && out >= 0 && write(fd, in.p, in.n) == (ssize_t)in.n && lseek(fd, 0, SEEK_SET) == 0);
	while (tar_next(fd, &entry, &more) == OK && more) {
		struct str name = str_of(entry.name);

		PROMISE(name.n > 0 && name.p[0] != '/' && str_find(name, S("..")) < 0 && entry.size >= 0);
		if (tar_copy(fd, &entry, out) != OK) {
			break;
		}
	}
	close(fd);
	close(out);
}
