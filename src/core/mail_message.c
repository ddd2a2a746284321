/*
 * A mail as it travels: headers of RFC 5322 with RFC 2047 words where they are not ASCII, one UTF-8 text part in base64.
 * Plain text only: nothing to track, nothing to block, readable everywhere.
 */
#include "../base/buf.h"
#include "../base/enc.h"
#include "../base/time.h"
#include "mail.h"

enum { ADDRESS_MAX = 254, LOCAL_MAX = 64, WORD_BYTES = 45, LINE_BYTES = 57, MESSAGE_MAX = 2 * 1024 * 1024 };

static bool atom_char(unsigned char c)
{
	return c >= 0x80 || (c > ' ' && c < 0x7f && !strchr("()<>[]:;@\\,\"", c));
}

bool mail_address_ok(struct str a)
{
	ptrdiff_t at = str_chr(a, '@');
	struct str local, domain, rest, label;
	int labels = 0;

	if (!a.p || a.n > ADDRESS_MAX || at <= 0 || at > LOCAL_MAX) {
		return false;
	}
	local = str_sub(a, 0, (size_t)at);
	domain = str_sub(a, (size_t)at + 1, a.n);
	for (size_t i = 0; i < local.n; i++) {
		if (!atom_char((unsigned char)local.p[i]) ||
		    (local.p[i] == '.' && (i == 0 || i + 1 == local.n || local.p[i + 1] == '.'))) {
			return false;
		}
	}
	for (rest = domain; rest.p; labels++) {
		label = str_cut(&rest, '.');
		if (label.n == 0 || label.n > 63 || label.p[0] == '-' || label.p[label.n - 1] == '-') {
			return false;
		}
		for (size_t i = 0; i < label.n; i++) {
			unsigned char c = (unsigned char)label.p[i];

			if (c < 0x80 && c != '-' && !(c >= '0' && c <= '9') && !((c | 32) >= 'a' && (c | 32) <= 'z')) {
				return false;
			}
		}
	}
	return labels >= 2 || str_ieq(domain, S("localhost"));
}

/* How many bytes of `s` fit in `max` without cutting a character. */
static size_t whole_characters(struct str s, size_t max)
{
	size_t n = s.n < max ? s.n : max;

	while (n > 0 && n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80) {
		n--;
	}
	return n ? n : s.n < max ? s.n : max;
}

/* Text for a header: as it is when printable ASCII, else encoded words (RFC 2047). Line breaks cannot pass. */
static void put_words(struct buf *b, struct mem *m, struct str s)
{
	bool plain = s.n < 60;

	for (size_t i = 0; i < s.n; i++) {
		plain = plain && s.p[i] >= ' ' && s.p[i] < 0x7f && s.p[i] != '=' && s.p[i] != '"' && s.p[i] != '\\';
	}
	if (plain) {
		buf_put(b, s);
		return;
	}
	for (bool first = true; s.n; first = false) {
		size_t n = whole_characters(s, WORD_BYTES);

		buf_put(b, first ? S("=?UTF-8?B?") : S("\r\n =?UTF-8?B?"));
		buf_put(b, enc_base64(m, str_sub(s, 0, n)));
		buf_put(b, S("?="));
		s = str_sub(s, n, s.n);
	}
}

/* "Mon, 02 Mar 2026 18:30:00 +0000" */
static void put_date(struct buf *b, int64_t now)
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct civil c = time_civil(now);
	int64_t day = days_of_date(c.year, c.month, c.day);

	buf_fmt(b, "%s, %02d %s %04d %02d:%02d:%02d +0000", days[(day % 7 + 11) % 7], c.day, months[c.month - 1], c.year, c.hour,
		c.minute, c.second);
}

static void put_body(struct buf *b, struct mem *m, struct str body)
{
	struct buf crlf = buf_make(m, MESSAGE_MAX);
	struct str s;

	for (size_t i = 0; i < body.n; i++) {
		if (body.p[i] == '\n') {
			buf_put(&crlf, S("\r\n"));
		} else if (body.p[i] != '\r') {
			buf_put_c(&crlf, body.p[i]);
		}
	}
	for (s = buf_str(&crlf); s.n; s = str_sub(s, LINE_BYTES, s.n)) {
		buf_put(b, enc_base64(m, str_sub(s, 0, LINE_BYTES)));
		buf_put(b, S("\r\n"));
	}
}

struct str mail_message(struct mem *m, const struct mail *mail, struct str from, struct str from_name, int64_t now, struct str id)
{
	struct buf b = buf_make(m, MESSAGE_MAX);
	ptrdiff_t at = str_chr(from, '@');

	buf_put(&b, S("Date: "));
	put_date(&b, now);
	buf_put(&b, S("\r\nFrom: "));
	if (!str_empty(from_name)) {
		/* Always encoded words: a name may hold a comma or a colon, which a bare phrase may not. */
		buf_put(&b, S("=?UTF-8?B?"));
		buf_put(&b, enc_base64(m, str_sub(from_name, 0, whole_characters(from_name, WORD_BYTES))));
		buf_put(&b, S("?= "));
	}
	buf_fmt(&b, "<%.*s>\r\nTo: <%.*s>\r\n", STR_ARG(from), STR_ARG(mail->to));
	if (!str_empty(mail->reply_to)) {
		buf_fmt(&b, "Reply-To: <%.*s>\r\n", STR_ARG(mail->reply_to));
	}
	buf_put(&b, S("Subject: "));
	put_words(&b, m, mail->subject);
	buf_fmt(&b, "\r\nMessage-ID: <%.*s@%.*s>\r\n", STR_ARG(id), STR_ARG(str_sub(from, (size_t)(at + 1), from.n)));
	buf_fmt(&b, "Content-Language: %.*s\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n", STR_ARG(mail->lang));
	buf_put(&b, S("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"));
	put_body(&b, m, mail->body);
	return buf_str(&b);
}
