/*
 * Attached files: pictures written anew without what they hid, documents kept, everything else refused.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/media.h"
#include "core/upkeep.h"
#include "thing.h"

/* A PNG of 2 by 1 pixels with a text chunk that says where it was taken. */
static const unsigned char png[] = {
	0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
	0x02, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x7b, 0x40, 0xe8, 0xdd, 0x00, 0x00, 0x00, 0x0f, 0x74,
	0x45, 0x58, 0x74, 0x43, 0x6f, 0x6d, 0x6d, 0x65, 0x6e, 0x74, 0x00, 0x73, 0x65, 0x63, 0x72, 0x65, 0x74, 0x21, 0xdc,
	0xbd, 0xcd, 0x7a, 0x00, 0x00, 0x00, 0x0f, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xc0, 0xf0,
	0x9f, 0x01, 0x00, 0x07, 0xff, 0x01, 0xff, 0x01, 0x7f, 0x89, 0xa7, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44,
	0xae, 0x42, 0x60, 0x82,
};

static bool start(struct t *t)
{
	char exe[1000] = {0};
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	char *slash = n > 0 ? strrchr(exe, '/') : NULL;

	if (!slash) {
		return false;
	}
	*slash = '\0'; /* BUILD/tests */
	slash = strrchr(exe, '/');
	if (!slash) {
		return false;
	}
	*slash = '\0';
	const char *dir = t_tmp(t, "data"), *program = str_c(t->mem, str_fmt(t->mem, "%s/maillage", exe));
	if (mkdir(dir, 0700) != 0 || access(program, X_OK) != 0) {
		return false;
	}
	return t_eq_err(t, T_AT("media_start"), OK, media_start(str_of(dir), program));
}

static struct upload upload(struct t *t, const void *bytes, size_t n, const char *name)
{
	const char *path = t_tmp(t, name);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n) {
		t_fail(t, T_AT("upload"), "cannot write %s", path);
	}
	return (struct upload){.filename = str_of(name), .fd = fd, .size = n};
}

static struct str whole(struct t *t, struct str name)
{
	size_t size = 0;
	int fd = -1;

	if (!t_eq_err(t, T_AT("media_open"), OK, media_open(name, &fd, &size))) {
		return S("");
	}
	char *p = mem_get(t->mem, size);
	ssize_t n = read(fd, p, size);
	close(fd);
	return (struct str){p, n < 0 ? 0 : (size_t)n};
}

static void pictures_lose_what_they_hid(struct t *t)
{
	struct str name;
	const char *why;
	int w = 0, h = 0;

	T_NEED(start(t));
	struct upload u = upload(t, png, sizeof(png), "holiday.png");
	T_OK(media_store(t->mem, &u, &name, &why));
	T_TRUE(str_ends(name, S("-2x1.webp")));
	T_TRUE(media_size(name, &w, &h));
	T_EQ(w, 2);
	T_EQ(h, 1);
	struct str kept = whole(t, name);
	T_TRUE(str_find(kept, S("WEBP")) > 0);
	T_TRUE(str_find(kept, S("secret")) < 0);
	struct str small = str_fmt(t->mem, "%.*s-320.webp", (int)name.n - 5, name.p);
	T_TRUE(whole(t, small).n > 0);
	T_EQ(media_original(t->mem, small), name);
	close(u.fd);
}

static void hostile_files_are_refused(struct t *t)
{
	static const char svg[] = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'></svg>";
	static const char html[] = "<!doctype html><script>alert(1)</script>";
	unsigned char broken[sizeof(png)];
	struct str name;
	const char *why;

	T_NEED(start(t));
	memcpy(broken, png, sizeof(png));
	memset(broken + 33, 0xee, sizeof(png) - 33);
	struct upload u[] = {upload(t, svg, sizeof(svg), "a.svg"), upload(t, html, sizeof(html), "b.pdf"),
			     upload(t, broken, sizeof(broken), "c.png"), upload(t, "PK\x03\x04", 4, "d.exe")};
	for (size_t i = 0; i < COUNT(u); i++) {
		T_ERR(E_INVALID, media_store(t->mem, &u[i], &name, &why));
		T_TRUE(why != NULL);
		close(u[i].fd);
	}
	int fd;
	size_t size;
	T_ERR(E_NOTFOUND, media_open(S("../../etc/passwd"), &fd, &size));
	T_ERR(E_NOTFOUND, media_open(S("0123456789012345678901234567890123456789/../x.pdf"), &fd, &size));
	T_ERR(E_NOTFOUND, media_open(S("0123456789012345678901234567890123456789.pdf"), &fd, &size));
}

static void documents_are_kept_as_they_are(struct t *t)
{
	static const char pdf[] = "%PDF-1.4\n%%EOF\n";
	struct str name;
	const char *why;

	T_NEED(start(t));
	struct upload u = upload(t, pdf, sizeof(pdf) - 1, "Brochure.PDF");
	T_OK(media_store(t->mem, &u, &name, &why));
	T_TRUE(str_ends(name, S(".pdf")));
	T_STR(whole(t, name), "%PDF-1.4\n%%EOF\n");
	close(u.fd);
}

static void unnamed_files_go(struct t *t)
{
	static const char pdf[] = "%PDF-1.4\n%%EOF\n";
	struct str kept, lost;
	const char *why;
	size_t removed;
	int fd;
	size_t size;
	int64_t later = (int64_t)time(NULL) * 1000 + INT64_C(3) * 86400000;

	thing_start(t);
	T_NEED(start(t));
	struct upload a = upload(t, pdf, sizeof(pdf) - 1, "a.pdf"), b = upload(t, png, sizeof(png), "b.png");
	T_OK(media_store(t->mem, &a, &lost, &why));
	T_OK(media_store(t->mem, &b, &kept, &why));
	thing_save(t, &thing_entity,
		   str_c(t->mem, str_fmt(t->mem, "{\"name\":\"One\",\"pictures\":[{\"file\":\"%.*s\",\"alt\":\"A\"}]}", STR_ARG(kept))));
	struct job_ctx ctx = {.db = t->db, .mem = t->mem, .now = later - 3 * INT64_C(86400000)};
	T_OK(upkeep_job_media(&ctx, NULL)); /* too young */
	T_TRUE(whole(t, lost).n > 0);
	ctx.now = later;
	T_OK(upkeep_job_media(&ctx, NULL));
	T_OK(media_purge(t->db, t->mem, later, &removed));
	T_EQ(removed, 0); /* done already */
	T_ERR(E_NOTFOUND, media_open(lost, &fd, &size));
	T_TRUE(whole(t, kept).n > 0);
	close(a.fd);
	close(b.fd);
}

static const struct t_case cases[] = {
	{"pictures lose what they hid", pictures_lose_what_they_hid, 0},
	{"hostile files are refused", hostile_files_are_refused, 0},
	{"documents are kept as they are", documents_are_kept_as_they_are, 0},
	{"files that nothing names go after two days", unnamed_files_go, T_DB | T_SCHEMA},
};
T_SUITE(media, cases)
