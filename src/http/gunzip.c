/*
 * Unpacking gzip through zlib. See gunzip.h.
 */
#include <unistd.h>
#include <zlib.h>

#include "gunzip.h"

#include "../base/limits.h"

bool gunzip_is(int fd)
{
	unsigned char head[2];

	return pread(fd, head, 2, 0) == 2 && head[0] == 0x1f && head[1] == 0x8b;
}

static enum err unpack(z_stream *z, int from, int to, int64_t max)
{
	unsigned char in[KIB(16)], out[KIB(64)];
	int64_t total = 0;
	off_t at = 0;
	int rc = Z_OK;

	while (rc != Z_STREAM_END) {
		ssize_t n = z->avail_in ? 0 : pread(from, in, sizeof(in), at);

		if (n > 0) {
			at += n;
			z->next_in = in;
			z->avail_in = (unsigned)n;
		}
		if (n < 0 || z->avail_in == 0) {
			return E_INVALID;
		}
		z->next_out = out;
		z->avail_out = sizeof(out);
		rc = inflate(z, Z_NO_FLUSH);
		if (rc != Z_OK && rc != Z_STREAM_END) {
			return E_INVALID;
		}
		size_t made = sizeof(out) - z->avail_out;
		total += (int64_t)made;
		if (total > max) {
			return E_LIMIT;
		}
		if (write(to, out, made) != (ssize_t)made) {
			return fail(E_IO, "unpacking: the disk is full");
		}
	}
	return OK;
}

enum err gunzip(int from, int to, int64_t max)
{
	z_stream z = {.zalloc = NULL};
	enum err e;

	if (inflateInit2(&z, 15 + 16) != Z_OK) {
		return fail(E_BUG, "zlib cannot start");
	}
	e = unpack(&z, from, to, max);
	inflateEnd(&z);
	return e;
}
