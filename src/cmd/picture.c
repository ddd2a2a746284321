/*
 * maillage picture PREFIX: what media_store() runs to decode a picture that somebody sent. A process of its own, with little
 * memory and time and no more files than it needs, so that a picture made to break its reader breaks nothing else. The
 * picture comes on standard input; PREFIX-0.webp and smaller copies go out, turned upright, in sRGB, without metadata; the size
 * of the first is told on standard output. libvips is loaded here and only here, so that the server does not carry it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../base/limits.h"
#include "../base/log.h"
#include "../core/media.h"
#include "commands.h"

#define LARGEST 1600           /* of the longer side, in pixels */
#define PIXELS_MAX 150000000.0 /* decoded: a photograph of today has 12 to 50 million */
#define SIZE_DOWN 2            /* VIPS_SIZE_DOWN: never larger than it was */

static struct {
	int (*init)(const char *argv0);
	void (*block_untrusted)(int state);
	void (*concurrency)(int threads);
	void *(*source)(int fd);
	void *(*open)(void *source, const char *options, ...);
	int (*thumbnail)(void *source, void **out, int width, ...);
	int (*webpsave)(void *image, const char *path, ...);
	int (*width)(const void *image);
	int (*height)(const void *image);
	const char *(*error)(void);
} vips;

/* POSIX promises that a function's address fits an object pointer. */
static bool load(void *lib, const char *name, void *to)
{
	void *p = dlsym(lib, name);

	memcpy(to, &p, sizeof(p));
	return p != NULL;
}

static enum err open_vips(void)
{
	(void)setenv("VIPS_WARNING", "0", 1); /* what is wrong with a picture is no news for the operator */
	void *lib = dlopen("libvips.so.42", RTLD_NOW);

	if (!lib) {
		return fail(E_IO, "pictures need libvips: %s", dlerror());
	}
	bool ok = load(lib, "vips_init", &vips.init) && load(lib, "vips_block_untrusted_set", &vips.block_untrusted) &&
		  load(lib, "vips_concurrency_set", &vips.concurrency) &&
		  load(lib, "vips_source_new_from_descriptor", &vips.source) &&
		  load(lib, "vips_image_new_from_source", &vips.open) && load(lib, "vips_thumbnail_source", &vips.thumbnail) &&
		  load(lib, "vips_webpsave", &vips.webpsave) && load(lib, "vips_image_get_width", &vips.width) &&
		  load(lib, "vips_image_get_height", &vips.height) && load(lib, "vips_error_buffer", &vips.error);
	if (!ok || vips.init("maillage") != 0) {
		return fail(E_IO, "libvips cannot be used");
	}
	vips.block_untrusted(1);
	vips.concurrency(1);
	return OK;
}

static void confine(void)
{
	static const struct {
		int what;
		rlim_t max;
	} bounds[] = {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) /* their shadow of the memory is larger */
		{RLIMIT_AS, (rlim_t)2 << 30},
#endif
		{RLIMIT_CPU, 20}, {RLIMIT_FSIZE, (rlim_t)64 << 20}, {RLIMIT_CORE, 0}, {RLIMIT_NOFILE, 64},
	};

	for (size_t i = 0; i < COUNT(bounds); i++) {
		struct rlimit r = {bounds[i].max, bounds[i].max};
		(void)setrlimit(bounds[i].what, &r);
	}
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	(void)alarm(40);
}

static enum err refuse(void)
{
	return fail(E_INVALID, "picture: %s", vips.error());
}

/* One copy, no wider and no higher than `side`. */
static enum err write_copy(const char *path, int side, void **image)
{
	if (lseek(0, 0, SEEK_SET) != 0) {
		return fail(E_IO, "lseek: %s", strerror(errno));
	}
	void *source = vips.source(0);
	if (!source ||
	    vips.thumbnail(source, image, side, "height", side, "size", SIZE_DOWN, "export_profile", "srgb", (char *)NULL) != 0 ||
	    vips.webpsave(*image, path, "strip", 1, "Q", 80, (char *)NULL) != 0) {
		return refuse();
	}
	return OK;
}

static enum err convert(struct mem *m, struct str prefix)
{
	void *source = vips.source(0), *image = source ? vips.open(source, "", (char *)NULL) : NULL, *out;

	if (!image) {
		return refuse();
	}
	if ((double)vips.width(image) * (double)vips.height(image) > PIXELS_MAX) {
		return fail(E_LIMIT, "picture: %d by %d pixels", vips.width(image), vips.height(image));
	}
	for (int i = 0; i < MEDIA_WIDTHS; i++) {
		TRY(write_copy(str_c(m, str_fmt(m, "%.*s-%d.webp", STR_ARG(prefix), media_widths[i])), media_widths[i], &out));
	}
	TRY(write_copy(str_c(m, str_fmt(m, "%.*s-0.webp", STR_ARG(prefix))), LARGEST, &out));
	printf("%dx%d\n", vips.width(out), vips.height(out));
	return fflush(stdout) == 0 ? OK : E_IO;
}

static int run(struct args *a)
{
	confine();
	enum err e = open_vips();

	return exit_of(e == OK ? convert(a->mem, a->operands[0]) : e);
}

const struct command cmd_picture = {
	.name = "picture",
	.operands = "PREFIX",
	.doc = "reads a picture from standard input and writes it anew; the server runs this by itself",
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
