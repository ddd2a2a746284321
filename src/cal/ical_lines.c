/*
 * Lines of iCalendar as they are found: any line ends, folded anywhere (in the middle of a character too), in UTF-8, UTF-16, or
 * Latin-1 for some lines only. A line that is no content line is told as odd; it belongs to the text before it.
 */
#include "../base/limits.h"
#include "../base/utf8.h"
#include "ical_part.h"

/* UTF-16 with a mark at its beginning, or with the zero bytes of plain letters: as UTF-8. */
static struct str from_utf16(struct mem *m, struct str s, bool little)
{
	struct buf b = buf_make(m, s.n * 2 + 16);

	for (size_t i = 0; i + 1 < s.n; i += 2) {
		uint32_t c = little ? (uint32_t)(unsigned char)s.p[i] | (uint32_t)(unsigned char)s.p[i + 1] << 8
				    : (uint32_t)(unsigned char)s.p[i] << 8 | (unsigned char)s.p[i + 1];
		char to[4];

		if (c >= 0xd800 && c < 0xdc00 && i + 3 < s.n) {
			uint32_t low = little ? (uint32_t)(unsigned char)s.p[i + 2] | (uint32_t)(unsigned char)s.p[i + 3] << 8
					      : (uint32_t)(unsigned char)s.p[i + 2] << 8 | (unsigned char)s.p[i + 3];

			c = 0x10000 + ((c - 0xd800) << 10) + ((low - 0xdc00) & 0x3ff);
			i += 2;
		}
		if (c != 0xfeff) {
			buf_put_bytes(&b, to, utf8_put(to, c));
		}
	}
	return buf_str(&b);
}

struct ical_lines ical_lines(struct mem *m, struct str text)
{
	struct ical_lines in = {.rest = text};

	if (text.n >= 2 && ((text.p[0] == '\xff' && text.p[1] == '\xfe') || (text.p[0] == 'B' && text.p[1] == '\0'))) {
		in.rest = from_utf16(m, text, true);
	} else if (text.n >= 2 && ((text.p[0] == '\xfe' && text.p[1] == '\xff') || (text.p[0] == '\0' && text.p[1] == 'B'))) {
		in.rest = from_utf16(m, text, false);
	} else if (str_starts(text, S("\xef\xbb\xbf"))) {
		in.rest = str_sub(text, 3, text.n);
	}
	return in;
}

/* Up to the line's end, which is \n, \r\n, or \r alone. */
static struct str physical(struct ical_lines *in)
{
	struct str line = in->rest;
	size_t n = 0;

	while (n < line.n && line.p[n] != '\n' && line.p[n] != '\r') {
		n++;
	}
	in->rest = str_sub(line, n, line.n);
	if (str_starts(in->rest, S("\r\r\n"))) {
		in->rest = str_sub(in->rest, 3, in->rest.n);
	} else if (str_starts(in->rest, S("\r\n"))) {
		in->rest = str_sub(in->rest, 2, in->rest.n);
	} else {
		in->rest = str_sub(in->rest, 1, in->rest.n);
	}
	in->line++;
	return (struct str){line.p, n};
}

/* Windows' Latin-1, where the bytes are no UTF-8. */
static struct str as_utf8(struct mem *m, struct str s)
{
	static const uint16_t upper[] = {0x20ac, 0xfffd, 0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
					 0x2039, 0x152,  0xfffd, 0x17d,  0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
					 0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0xfffd, 0x17e,  0x178};
	struct buf b;

	if (utf8_ok(s)) {
		return s;
	}
	b = buf_make(m, s.n * 3 + 1);
	for (size_t i = 0; i < s.n;) {
		uint32_t c = (unsigned char)s.p[i];
		size_t n = utf8_next(s, i, &c);
		char to[4];

		if (n == 0) {
			c = (unsigned char)s.p[i];
			c = c >= 0x80 && c < 0xa0 ? upper[c - 0x80] : c;
			n = 1;
		}
		buf_put_bytes(&b, to, utf8_put(to, c));
		i += n;
	}
	return buf_str(&b);
}

static bool name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/* One parameter at `at`, which stands on its name; moves it behind the value. False when there is none. */
static bool param(struct str s, size_t *at, struct ical_prop *out)
{
	size_t from = *at, i = from;
	struct str name, value;

	while (i < s.n && name_char(s.p[i])) {
		i++;
	}
	name = str_sub(s, from, i - from);
	if (name.n == 0 || i >= s.n || (s.p[i] != '=' && s.p[i] != ';' && s.p[i] != ':')) {
		return false;
	}
	i += s.p[i] == '=';
	from = i;
	for (bool quoted = false; i < s.n && (quoted || (s.p[i] != ';' && s.p[i] != ':')); i++) {
		quoted = s.p[i] == '"' ? !quoted : quoted;
	}
	if (i >= s.n) {
		/* a quote that never ends: it ends at the next mark */
		for (i = from; i < s.n && s.p[i] != ';' && s.p[i] != ':'; i++) {
		}
	}
	value = str_sub(s, from, i - from);
	if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"') {
		value = str_sub(value, 1, value.n - 2);
	}
	if (out->n_params < ICAL_PARAMS) {
		out->params[out->n_params].name = name;
		out->params[out->n_params++].value = value;
	}
	*at = i;
	return i < s.n;
}

/* NAME;PARAM=value:VALUE */
static bool content(struct str s, struct ical_prop *out)
{
	size_t i = 0;

	while (i < s.n && name_char(s.p[i])) {
		i++;
	}
	out->name = str_sub(s, 0, i);
	while (i < s.n && (s.p[i] == ' ' || s.p[i] == '\t')) {
		i++;
	}
	if (out->name.n == 0 || i >= s.n) {
		return false;
	}
	while (i < s.n && s.p[i] == ';') {
		i++;
		if (i < s.n && (s.p[i] == ':' || s.p[i] == ';')) {
			continue;
		}
		if (!param(s, &i, out)) {
			return false;
		}
	}
	if (i >= s.n || s.p[i] != ':') {
		return false;
	}
	out->value = str_sub(s, i + 1, s.n);
	return true;
}

struct str ical_param(const struct ical_prop *p, const char *name)
{
	for (size_t i = 0; i < p->n_params; i++) {
		if (str_ieq(p->params[i].name, str_of(name))) {
			return p->params[i].value;
		}
	}
	return STR_NONE;
}

static bool folded(const struct ical_lines *in)
{
	return in->rest.n > 0 && (in->rest.p[0] == ' ' || in->rest.p[0] == '\t');
}

/* What follows a line that is folded, and the soft ends of quoted-printable. */
static struct str unfold(struct mem *m, struct ical_lines *in, struct str first)
{
	struct buf b;

	if (!folded(in)) {
		return first;
	}
	b = buf_make(m, LIMIT_ICAL_LINE);
	buf_put(&b, first);
	while (folded(in)) {
		struct str more = physical(in);

		buf_put(&b, str_sub(more, 1, more.n));
	}
	return buf_str(&b);
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The value of vCalendar 1.0: =C3=A9, with = before a line's end that is none. */
static void quoted_printable(struct mem *m, struct ical_lines *in, struct ical_prop *out)
{
	struct buf b = buf_make(m, LIMIT_ICAL_LINE);
	struct str s = out->value;

	for (;;) {
		bool soft = s.n > 0 && s.p[s.n - 1] == '=';

		s.n -= soft;
		for (size_t i = 0; i < s.n; i++) {
			int hi = s.p[i] == '=' && i + 2 < s.n ? hex_digit(s.p[i + 1]) : -1;
			int lo = hi >= 0 ? hex_digit(s.p[i + 2]) : -1;

			buf_put_c(&b, lo >= 0 ? (char)(hi * 16 + lo) : s.p[i]);
			i += lo >= 0 ? 2 : 0;
		}
		if (!soft || in->rest.n == 0) {
			break;
		}
		s = str_trim(physical(in));
	}
	out->value = buf_str(&b);
}

/* Without NUL characters, which some programs leave. */
static struct str without_nul(struct mem *m, struct str s)
{
	struct buf b;

	if (s.n == 0 || memchr(s.p, '\0', s.n) == NULL) {
		return s;
	}
	b = buf_make(m, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '\0') {
			buf_put_c(&b, s.p[i]);
		}
	}
	return buf_str(&b);
}

bool ical_next(struct mem *m, struct ical_lines *in, struct ical_prop *out)
{
	struct str s = STR_NONE;

	do {
		if (in->rest.n == 0) {
			return false;
		}
		s = physical(in);
	} while (str_trim(s).n == 0);
	*out = (struct ical_prop){.line = in->line};
	s = without_nul(m, unfold(m, in, s));
	if (s.n > LIMIT_ICAL_LINE) {
		s = str_sub(s, 0, LIMIT_ICAL_LINE);
	}
	s = as_utf8(m, s);
	if (!content(s, out)) {
		*out = (struct ical_prop){.line = out->line, .value = s, .odd = true};
		return true;
	}
	if (str_ieq(ical_param(out, "ENCODING"), S("QUOTED-PRINTABLE"))) {
		quoted_printable(m, in, out);
		out->value = as_utf8(m, out->value);
	}
	return true;
}

struct str ical_item(struct str *rest)
{
	struct str s = *rest;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\') {
			i++;
		} else if (s.p[i] == ',') {
			*rest = str_sub(s, i + 1, s.n);
			return str_sub(s, 0, i);
		}
	}
	*rest = STR_NONE;
	return s;
}

struct str ical_text(struct mem *m, struct str value)
{
	struct buf b = buf_make(m, value.n + 1);
	struct str clean;

	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];

		if (c == '\\' && i + 1 < value.n) {
			c = value.p[++i];
			c = c == 'n' || c == 'N' ? '\n' : c;
		}
		buf_put_c(&b, c);
	}
	return utf8_clean(m, buf_str(&b), &clean) == OK ? str_trim(clean) : S("");
}
