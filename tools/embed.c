/*
 * embed: files into the program. Writes all bytes and their gzip and brotli twins to one file, an assembler source that
 * takes it in (.incbin: megabytes cost nothing to compile), and a C table of struct asset (src/web/asset_data.h).
 *
 *   embed [--raw] TABLE OUT.S OUT.c OUT.bin [NAME=]FILE…
 *
 * The name is the last part of the path unless given. With --raw nothing is compressed and no address is made. In CSS and
 * JavaScript, "/assets/NAME" (in CSS also url("NAME")) of another file of the table becomes its address; pictures and fonts come first,
 * then scripts, then stylesheets, and a file may name only those before it.
 */
#include "tool.h"

#include <brotli/encode.h>
#include <openssl/sha.h>
#include <zlib.h>

struct item {
	const char *name, *file, *mime;
	bool packed; /* compressed already */
	int order;
	char *path;
	char hash[2 * SHA256_DIGEST_LENGTH + 1];
	struct text body, gzip, brotli;
	size_t body_at, gzip_at, brotli_at;
};

static const struct {
	const char *end, *mime;
	bool packed;
	int order;
} types[] = {
	{".css",         "text/css; charset=utf-8",        false, 2},
	{".js",          "text/javascript; charset=utf-8", false, 1},
	{".mjs",         "text/javascript; charset=utf-8", false, 1},
	{".svg",         "image/svg+xml",                  false, 0},
	{".json",        "application/json",               false, 0},
	{".webmanifest", "application/manifest+json",      false, 3},
	{".txt",         "text/plain; charset=utf-8",      false, 0},
	{".xml",         "application/xml",                false, 0},
	{".html",        "text/html; charset=utf-8",       false, 3},
	{".ico",         "image/vnd.microsoft.icon",       false, 0},
	{".ttf",         "font/ttf",                       false, 0},
	{".wasm",        "application/wasm",               false, 0},
	{".png",         "image/png",                      true,  0},
	{".jpg",         "image/jpeg",                     true,  0},
	{".webp",        "image/webp",                     true,  0},
	{".woff2",       "font/woff2",                     true,  0},
	{".pmtiles",     "application/vnd.pmtiles",        true,  0},
	{".mbtiles",     "application/vnd.sqlite3",        true,  0},
	{".mo",          "application/octet-stream",       false, 0},
	{".bin",         "application/octet-stream",       false, 0},
};

static bool ends(const char *s, const char *end)
{
	size_t n = strlen(s), e = strlen(end);

	return n > e && strcmp(s + n - e, end) == 0;
}

static void find_type(struct item *it)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (ends(it->file, types[i].end)) {
			it->mime = types[i].mime;
			it->packed = types[i].packed;
			it->order = types[i].order;
			return;
		}
	}
	die_at(it->file, 1, "no MIME type is known for this ending");
}

/* How many bytes at `p` come before the name of an asset: of "/assets/NAME", or of url("NAME") in a stylesheet. */
static size_t prefix_at(const char *p, bool css)
{
	if (strncmp(p, "/assets/", 8) == 0) {
		return 8;
	}
	if (!css || strncmp(p, "url(", 4) != 0) {
		return 0;
	}
	size_t n = 4 + (p[4] == '"' || p[4] == '\'');
	size_t name = strcspn(p + n, "/:#\"')");
	return p[n + name] == '"' || p[n + name] == '\'' || p[n + name] == ')' ? n : 0;
}

/* Replaces the names of assets by their addresses with the hash. */
static void link_assets(struct item *it, const struct item *all, int n)
{
	struct text out = {0};
	int line = 1;

	for (size_t i = 0; i < it->body.n;) {
		const char *p = it->body.p + i;
		size_t prefix = prefix_at(p, ends(it->name, ".css"));
		line += *p == '\n';
		if (prefix == 0) {
			add_n(&out, p, 1);
			i++;
			continue;
		}
		p += prefix;
		size_t len = strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
		const struct item *to = NULL;
		for (int k = 0; k < n; k++) {
			if (strlen(all[k].name) == len && strncmp(all[k].name, p, len) == 0) {
				to = &all[k];
			}
		}
		if (!to || !to->path) {
			die_at(it->file, line, "%.*s: %s", (int)len, p, to ? "is made after this file" : "is no asset");
		}
		if (it->body.p[i] == 'u') {
			add_n(&out, it->body.p + i, prefix);
		}
		add(&out, to->path);
		i += prefix + len;
	}
	it->body = out;
}

static void hash(struct item *it)
{
	unsigned char sum[SHA256_DIGEST_LENGTH];
	struct text path = {0};
	const char *dot = strrchr(it->name, '.');
	size_t stem = dot ? (size_t)(dot - it->name) : strlen(it->name);

	SHA256((const unsigned char *)it->body.p, it->body.n, sum);
	for (int i = 0; i < SHA256_DIGEST_LENGTH; i++) {
		snprintf(it->hash + 2 * i, 3, "%02x", sum[i]);
	}
	addf(&path, "/assets/%.*s.%.12s%s", (int)stem, it->name, it->hash, it->name + stem);
	it->path = path.p;
}

static void compress_twins(struct item *it)
{
	size_t room = it->body.n + it->body.n / 100 + 1024;
	z_stream z = {.next_in = (unsigned char *)it->body.p, .avail_in = (unsigned)it->body.n};

	it->gzip.p = need(malloc(room));
	z.next_out = (unsigned char *)it->gzip.p;
	z.avail_out = (unsigned)room;
	if (deflateInit2(&z, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY) != Z_OK ||
	    deflate(&z, Z_FINISH) != Z_STREAM_END) {
		die_at(it->file, 1, "gzip failed");
	}
	it->gzip.n = z.total_out;
	deflateEnd(&z);
	it->brotli.p = need(malloc(room));
	it->brotli.n = room;
	if (!BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, it->body.n,
				   (const unsigned char *)it->body.p, &it->brotli.n, (unsigned char *)it->brotli.p)) {
		die_at(it->file, 1, "brotli failed");
	}
	it->gzip.n = it->gzip.n < it->body.n ? it->gzip.n : 0;
	it->brotli.n = it->brotli.n < it->body.n ? it->brotli.n : 0;
}

static int by_order(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return x->order != y->order ? x->order - y->order : strcmp(x->name, y->name);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct item *)a)->name, ((const struct item *)b)->name);
}

static size_t add_bytes(struct text *bin, const struct text *t)
{
	size_t at = bin->n;

	add_n(bin, t->p ? t->p : "", t->n);
	add_n(bin, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16 - bin->n % 16); /* at least one NUL after each */
	return at;
}

static void add_slice(struct text *c, const char *table, const char *member, size_t at, const struct text *t,
		      bool always)
{
	if (t->n > 0 || always) {
		addf(c, "\t\t.%s = {%s_bytes + %zu, %zu},\n", member, table, at, t->n);
	}
}

static void add_str(struct text *c, const char *member, const char *s)
{
	addf(c, "\t\t.%s = S_INIT(", member);
	add_literal(c, s, strlen(s));
	add(c, "),\n");
}

/* Reads, links, hashes and compresses the files, in an order in which each may name those before it. */
static void prepare(struct item *all, int n, bool raw)
{
	qsort(all, (size_t)n, sizeof(*all), by_order);
	for (int i = 0; i < n; i++) {
		for (int k = 0; k < i; k++) {
			if (strcmp(all[k].name, all[i].name) == 0) {
				die_at(all[i].file, 1, "%s has the same name", all[k].file);
			}
		}
	}
	for (int i = 0; i < n; i++) {
		all[i].body = read_file(all[i].file);
		if (!raw && all[i].order > 0) {
			link_assets(&all[i], all, n);
		}
		hash(&all[i]);
		if (!raw && !all[i].packed) {
			compress_twins(&all[i]);
		}
	}
	qsort(all, (size_t)n, sizeof(*all), by_name);
}

static void write_out(char **out, struct item *all, int n, bool raw)
{
	struct text bin = {0}, c = {0}, s = {0};
	unsigned char sum[SHA256_DIGEST_LENGTH];
	const char *table = out[0];

	addf(&c, "/* Made by embed. */\n#include \"web/asset_data.h\"\n\nextern const char %s_bytes[];\n\n", table);
	addf(&c, "const struct asset %s[] = {\n", table);
	for (int i = 0; i < n; i++) {
		struct item *it = &all[i];
		char etag[40];
		snprintf(etag, sizeof(etag), "\"%.24s\"", it->hash);
		it->body_at = add_bytes(&bin, &it->body);
		it->gzip_at = it->gzip.n > 0 ? add_bytes(&bin, &it->gzip) : 0;
		it->brotli_at = it->brotli.n > 0 ? add_bytes(&bin, &it->brotli) : 0;
		add(&c, "\t{\n");
		add_str(&c, "name", it->name);
		if (!raw) {
			add_str(&c, "path", it->path);
		}
		add_str(&c, "mime", it->mime);
		add_str(&c, "etag", etag);
		add_slice(&c, table, "body", it->body_at, &it->body, true);
		add_slice(&c, table, "gzip", it->gzip_at, &it->gzip, false);
		add_slice(&c, table, "brotli", it->brotli_at, &it->brotli, false);
		add(&c, "\t},\n");
	}
	addf(&c, "%s};\nconst size_t %s_n = %d;\n", n == 0 ? "\t{.name = {0}},\n" : "", table, n);
	/* The hash makes the source change with the bytes, which the compiler's dependencies do not know. */
	SHA256((const unsigned char *)bin.p, bin.n, sum);
	addf(&s, "/* Made by embed: %02x%02x%02x%02x%02x%02x%02x%02x. */\n", sum[0], sum[1], sum[2], sum[3], sum[4],
	     sum[5], sum[6], sum[7]);
	addf(&s, "\t.section .rodata\n\t.globl %s_bytes\n\t.balign 64\n%s_bytes:\n", table, table);
	addf(&s, "\t.incbin \"%s\"\n\t.byte 0\n\t.section .note.GNU-stack,\"\",%%progbits\n", out[3]);
	write_file(out[3], &bin);
	write_file(out[1], &s);
	write_file(out[2], &c);
}

int main(int argc, char **argv)
{
	bool raw = argc > 1 && strcmp(argv[1], "--raw") == 0;
	int first = 1 + raw, n = argc - first - 4;

	if (n < 0) {
		fputs("usage: embed [--raw] TABLE OUT.S OUT.c OUT.bin [NAME=]FILE…\n", stderr);
		return 2;
	}
	struct item *all = need(calloc((size_t)n + 1, sizeof(*all)));
	for (int i = 0; i < n; i++) {
		char *arg = argv[first + 4 + i], *eq = strchr(arg, '=');
		all[i].file = eq ? eq + 1 : arg;
		all[i].name = eq ? copy_n(arg, (size_t)(eq - arg)) : base_name(arg);
		find_type(&all[i]);
	}
	prepare(all, n, raw);
	write_out(argv + first, all, n, raw);
	return 0;
}
