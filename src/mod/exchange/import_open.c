/*
 * From bytes to a reader: what the file is written in, and what it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "import_event.h"

#include "../../base/limits.h"
#include "../../base/utf8.h"

#define PIECE KIB(64)
enum { ENC_UTF8, ENC_1252, ENC_UTF16LE, ENC_UTF16BE };

/* Windows-1252 from 0x80 to 0x9f. */
static const uint16_t cp1252[32] = {
	0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd,
	0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
};

static struct str decode_1252(struct import_bytes *b, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)b->buf[i];
		uint32_t cp = c >= 0x80 && c < 0xa0 ? cp1252[c - 0x80] : c;

		k += utf8_put(&b->out[k], cp);
	}
	return (struct str){b->out, k};
}

static uint32_t unit(const struct import_bytes *b, size_t i)
{
	uint32_t x = (unsigned char)b->buf[i], y = (unsigned char)b->buf[i + 1];

	return b->encoding == ENC_UTF16LE ? x | y << 8 : x << 8 | y;
}

static struct str decode_utf16(struct import_bytes *b, size_t n)
{
	size_t k = 0, i = 0;

	while (i + 1 < n) {
		uint32_t cp = unit(b, i);
		bool high = cp >= 0xd800 && cp < 0xdc00;

		if (high && i + 3 >= n) {
			break;
		}
		if (high && unit(b, i + 2) >= 0xdc00 && unit(b, i + 2) < 0xe000) {
			cp = 0x10000 + ((cp - 0xd800) << 10) + (unit(b, i + 2) - 0xdc00);
			i += 2;
		}
		i += 2;
		k += utf8_put(&b->out[k], cp);
	}
	memmove(b->buf, b->buf + i, n - i);
	b->left_n = n - i;
	return (struct str){b->out, k};
}

static enum err fill(struct import_bytes *b, size_t *n)
{
	ssize_t got;

	do {
		got = read(b->fd, b->buf + b->left_n, PIECE - b->left_n);
	} while (got < 0 && errno == EINTR);
	if (got < 0) {
		return fail(E_IO, "import: %s", strerror(errno));
	}
	b->taken += got;
	*n = got == 0 ? 0 : b->left_n + (size_t)got;
	b->left_n = 0;
	return OK;
}

enum err import_more(void *ctx, struct str *chunk)
{
	struct import_bytes *b = ctx;
	size_t n, skip = 0;

	TRY(fill(b, &n));
	if (n && !b->begun && b->encoding == ENC_UTF8 && !b->raw && n >= 3 && memcmp(b->buf, "\xef\xbb\xbf", 3) == 0) {
		skip = 3;
	}
	if (n && !b->begun && (b->encoding == ENC_UTF16LE || b->encoding == ENC_UTF16BE) && unit(b, 0) == 0xfeff) {
		b->left_n = 0;
		memmove(b->buf, b->buf + 2, n - 2);
		n -= 2;
	}
	b->begun = b->begun || n > 0;
	if (b->raw || b->encoding == ENC_UTF8) {
		*chunk = (struct str){b->buf + skip, n - skip};
	} else {
		*chunk = b->encoding == ENC_1252 ? decode_1252(b, n) : decode_utf16(b, n);
	}
	return OK;
}

static int guess_encoding(struct str head)
{
	struct str whole = head;

	if (head.n >= 2 && ((unsigned char)head.p[0] == 0xff && (unsigned char)head.p[1] == 0xfe)) {
		return ENC_UTF16LE;
	}
	if (head.n >= 2 && ((unsigned char)head.p[0] == 0xfe && (unsigned char)head.p[1] == 0xff)) {
		return ENC_UTF16BE;
	}
	/* The piece may end inside a character. */
	for (int i = 0; i < 4 && whole.n && !utf8_ok(whole); i++) {
		whole.n--;
	}
	return utf8_ok(whole) ? ENC_UTF8 : ENC_1252;
}

static bool looks(struct str head, const char *what)
{
	return str_find(head, str_of(what)) >= 0;
}

static const char *guess_xml(struct str s)
{
	static const char *const marks[][2] = {{"<gpx", "gpx"}, {"<kml", "kml"}, {"<rss", "rss"}, {"<feed", "rss"}, {"<rdf:RDF", "rss"}};

	for (size_t i = 0; i < COUNT(marks); i++) {
		if (looks(s, marks[i][0])) {
			return marks[i][1];
		}
	}
	return NULL;
}

/* What people send by mistake, by how it begins; NULL for what may be a file of data. */
static const char *not_data(struct str head)
{
	struct str s = str_trim(head);

	if (str_starts(s, S("PK\003\004")) || str_starts(s, S("\xd0\xcf\x11\xe0")) || str_starts(s, S("\x1f\x8b")) ||
	    str_starts(s, S("Rar!")) || str_starts(s, S("7z\xbc\xaf"))) {
		return N_("This is a spreadsheet program's own file, or an archive: save the sheet as CSV, or unpack the archive, and send that.");
	}
	if (str_starts(s, S("%PDF")) || str_starts(s, S("\x89PNG")) || str_starts(s, S("\xff\xd8\xff")) || str_starts(s, S("GIF8"))) {
		return N_("This is a document or a picture: no list can be read from it.");
	}
	return NULL;
}

static bool is_page(struct str s)
{
	return str_ieq(str_sub(s, 0, 5), S("<html")) || str_ieq(str_sub(s, 0, 14), S("<!doctype html"));
}

/* Events of schema.org, of the fediverse, of OpenAgenda; our own records have their own manner. */
static bool is_events(struct str s)
{
	return !looks(s, "\"created_at\"") && (looks(s, "\"timings\"") || ((looks(s, "\"@type\"") || looks(s, "\"type\"")) && looks(s, "Event\"")));
}

static const char *guess_format(struct str head)
{
	struct str s = head;

	if (str_starts(s, S("\xef\xbb\xbf"))) {
		s = str_sub(s, 3, s.n);
	}
	s = str_trim(s);
	if (!s.n) {
		return NULL;
	}
	if (s.p[0] == '<') {
		return is_page(s) ? "page" : guess_xml(s);
	}
	if (looks(s, "BEGIN:V") || looks(s, "begin:v") || looks(s, "Begin:V")) {
		return "ical";
	}
	if (s.p[0] != '{' && s.p[0] != '[') {
		return "csv";
	}
	if (looks(s, "\"options\"") && (looks(s, "\"subcategories\"") || looks(s, "\"icon\"")) && !looks(s, "\"data\"")) {
		return "taxonomy";
	}
	if (looks(s, "\"layers\"") || looks(s, "\"umap\"") || looks(s, "_umap_options") || looks(s, "_storage")) {
		return "umap";
	}
	if (looks(s, "bf_titre")) {
		return "yeswiki";
	}
	if (is_events(s)) {
		return "events";
	}
	if (looks(s, "FeatureCollection")) {
		return "geojson";
	}
	return looks(s, "gogofull") || looks(s, "gogocompact") ? "gogocarto" : "json";
}

static const char *known_format(struct str s)
{
	static const char *const names[] = {"csv", "geojson", "umap", "gogocarto", "yeswiki", "json", "taxonomy", "gpx", "kml", "rss",
					    "ical", "events", "page"};

	for (size_t i = 0; i < COUNT(names); i++) {
		if (str_eq(s, str_of(names[i]))) {
			return names[i];
		}
	}
	return NULL;
}

static const struct {
	const char *format;
	enum err (*open)(struct import_reader *r);
} openers[] = {{"csv", import_open_csv}, {"taxonomy", import_open_taxonomy}, {"gpx", import_open_xml}, {"kml", import_open_xml}, {"rss", import_open_xml},
	     {"ical", import_open_ical}, {"events", import_open_events}, {"page", import_open_page}};

enum err import_open(struct mem *m, int fd, struct str format, struct import_reader **out)
{
	static const char *const encodings[] = {"UTF-8", "Windows-1252", "UTF-16", "UTF-16"};
	struct import_reader *r = mem_new(m, struct import_reader);
	char *first = mem_get(m, PIECE);
	ssize_t n = pread(fd, first, PIECE, 0);
	struct str head = {first, 0};
	struct stat st;

	*out = r;
	r->mem = m;
	if (n < 0 || fstat(fd, &st) != 0) {
		return fail(E_IO, "import: %s", strerror(errno));
	}
	head.n = (size_t)n;
	r->bytes = (struct import_bytes){.fd = fd, .size = st.st_size, .buf = mem_get(m, PIECE), .out = mem_get(m, 3 * PIECE + 8),
					 .encoding = guess_encoding(head)};
	r->encoding = encodings[r->bytes.encoding];
	if (r->bytes.encoding >= ENC_UTF16LE) { /* only its shape matters: every other byte */
		struct buf b = buf_make(m, PIECE);

		for (size_t i = 2; i < head.n; i++) {
			if (head.p[i]) {
				buf_put_c(&b, head.p[i]);
			}
		}
		head = buf_str(&b);
	}
	r->format = format.n ? known_format(format) : guess_format(head);
	r->what = !str_trim(head).n ? N_("This file is empty.") : not_data(head);
	/* calendars with a zero in the middle are found, and read */
	if (!r->what && r->bytes.encoding < ENC_UTF16LE && head.n && memchr(head.p, 0, head.n) &&
	    !(r->format && strcmp(r->format, "ical") == 0)) {
		r->what = N_("This is not a file of text: no list can be read from it.");
	}
	if (!r->format || r->what) {
		r->what = r->what ? r->what : N_("This file is in none of the known formats.");
		return E_INVALID;
	}
	if (lseek(fd, 0, SEEK_SET) < 0) {
		return fail(E_IO, "import: %s", strerror(errno));
	}
	for (size_t i = 0; i < COUNT(openers); i++) {
		if (strcmp(r->format, openers[i].format) == 0) {
			return openers[i].open(r);
		}
	}
	return import_open_json(r, head);
}
