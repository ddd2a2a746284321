/*
 * The JSON reader. It looks at one byte after the other over chunks; text that lies whole in a chunk and has no escapes is
 * lent out where it stands, so that a file of any size costs no copies and no memory.
 */
#include "json.h"

#include "limits.h"
#include "utf8.h"

/* What may come next. */
enum state {
	WANT_VALUE,        /* at the start, after ':' and after ',' in an array */
	WANT_COLON,        /* after a name; read only with what follows, so that a name lent out stays where it is */
	WANT_FIRST_ITEM,   /* after '[': a value or ']' */
	WANT_FIRST_KEY,    /* after '{': a name or '}' */
	WANT_KEY,          /* after ',' in an object */
	WANT_COMMA,        /* after a value inside something */
	WANT_END           /* after the outermost value */
};

struct json_in {
	read_more *more;
	void *ctx;
	const char *p, *end;  /* of the chunk */
	const char *start;    /* of the chunk, for offsets */
	int64_t before;       /* bytes before the chunk */
	int64_t line, line_at; /* lines so far, and the offset where this one begins */
	bool over;            /* `more` has no more */
	enum state state;
	int depth;
	bool objects[LIMIT_JSON_DEPTH + 1]; /* what is open: objects or arrays */
	struct buf text;      /* a token that spans chunks or has escapes */
	enum err err;
	const char *what;
};

static enum err no_more(void *ctx, struct str *chunk)
{
	(void)ctx;
	*chunk = S("");
	return OK;
}

struct json_in *json_open(struct mem *m, read_more *more, void *ctx)
{
	struct json_in *in = mem_new(m, struct json_in);

	in->more = more;
	in->ctx = ctx;
	in->line = 1;
	in->text = buf_make(m, LIMIT_JSON_TOKEN);
	return in;
}

struct json_in *json_open_str(struct mem *m, struct str text)
{
	struct json_in *in = json_open(m, no_more, NULL);

	in->p = in->start = text.p;
	in->end = text.n == 0 ? text.p : text.p + text.n;
	return in;
}

int json_depth(const struct json_in *in)
{
	return in->depth;
}

struct json_where json_where(const struct json_in *in)
{
	int64_t at = in->before + (in->p - in->start);

	return (struct json_where){in->line, at - in->line_at + 1, at, in->what};
}

static enum err bad(struct json_in *in, enum err e, const char *what)
{
	in->err = e;
	in->what = what;
	return e;
}

/* Brings the next chunk; `*more` false at the end of the input. */
static enum err refill(struct json_in *in, bool *more)
{
	struct str chunk = S("");

	if (!in->over) {
		enum err e = in->more(in->ctx, &chunk);

		if (e != OK) {
			return bad(in, e, N_("The file could not be read."));
		}
		in->before += in->end - in->start;
		in->p = in->start = chunk.p;
		in->end = chunk.p + chunk.n;
		in->over = chunk.n == 0;
	}
	*more = !in->over;
	return OK;
}

/* The next byte without taking it; -1 at the end. */
static enum err peek(struct json_in *in, int *c)
{
	bool more = true;

	if (in->p == in->end) {
		TRY(refill(in, &more));
	}
	*c = more ? (unsigned char)*in->p : -1;
	return OK;
}

static enum err skip_space(struct json_in *in, int *c)
{
	for (;;) {
		while (in->p < in->end && (*in->p == ' ' || *in->p == '\t' || *in->p == '\r' || *in->p == '\n')) {
			in->p++;
			if (in->p[-1] == '\n') {
				in->line++;
				in->line_at = in->before + (in->p - in->start);
			}
		}
		if (in->p < in->end) {
			*c = (unsigned char)*in->p;
			return OK;
		}
		TRY(peek(in, c));
		if (*c < 0) {
			return OK;
		}
	}
}

static enum err hex4(struct json_in *in, uint32_t *out)
{
	uint32_t v = 0;
	int c;

	for (int i = 0; i < 4; i++) {
		TRY(peek(in, &c));
		if (c >= '0' && c <= '9') {
			v = v << 4 | (uint32_t)(c - '0');
		} else if (c >= 'a' && c <= 'f') {
			v = v << 4 | (uint32_t)(c - 'a' + 10);
		} else if (c >= 'A' && c <= 'F') {
			v = v << 4 | (uint32_t)(c - 'A' + 10);
		} else {
			return bad(in, E_INVALID, N_("A \\u is not followed by four hexadecimal digits."));
		}
		in->p++;
	}
	*out = v;
	return OK;
}

static enum err escape_u(struct json_in *in)
{
	uint32_t high, low;
	char to[4];
	int c;

	TRY(hex4(in, &high));
	if (high >= 0xd800 && high < 0xe000) {
		TRY(peek(in, &c));
		if (high >= 0xdc00 || c != '\\') {
			return bad(in, E_INVALID, N_("Half a character (a lone surrogate)."));
		}
		in->p++;
		TRY(peek(in, &c));
		if (c != 'u') {
			return bad(in, E_INVALID, N_("Half a character (a lone surrogate)."));
		}
		in->p++;
		TRY(hex4(in, &low));
		if (low < 0xdc00 || low >= 0xe000) {
			return bad(in, E_INVALID, N_("Half a character (a lone surrogate)."));
		}
		high = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
	}
	buf_put_bytes(&in->text, to, utf8_put(to, high));
	return OK;
}

/* After the backslash. */
static enum err escape(struct json_in *in)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at;
	int c;

	TRY(peek(in, &c));
	if (c == 'u') {
		in->p++;
		return escape_u(in);
	}
	at = c <= 0 ? NULL : strchr(from, c);
	if (at == NULL) {
		return bad(in, E_INVALID, N_("There is no such escape."));
	}
	in->p++;
	buf_put_c(&in->text, to[at - from]);
	return OK;
}

/* Bytes up to a quote, a backslash, a control character or the end of the chunk. */
static const char *plain_end(const char *p, const char *end)
{
	while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20) {
		p++;
	}
	return p;
}

static enum err checked(struct json_in *in, struct str s, struct str *text)
{
	if (!utf8_ok(s)) {
		return bad(in, E_INVALID, N_("The text is not UTF-8."));
	}
	*text = s;
	return OK;
}

/* After the opening quote. */
static enum err string(struct json_in *in, struct str *text)
{
	const char *from = in->p;
	int c;

	in->p = plain_end(in->p, in->end);
	if (in->p < in->end && *in->p == '"') {
		in->p++;
		return checked(in, (struct str){from, (size_t)(in->p - 1 - from)}, text);
	}
	buf_reset(&in->text);
	for (;;) {
		buf_put_bytes(&in->text, from, (size_t)(in->p - from));
		if (!buf_ok(&in->text)) {
			return bad(in, E_LIMIT, N_("A text is too long."));
		}
		TRY(peek(in, &c));
		if (c < 0) {
			return bad(in, E_INVALID, N_("The file ends inside a text."));
		}
		if (c == '"') {
			in->p++;
			return checked(in, buf_str(&in->text), text);
		}
		if (c == '\\') {
			in->p++;
			TRY(escape(in));
		} else if (c < 0x20) {
			return bad(in, E_INVALID, N_("A control character inside a text."));
		}
		from = in->p;
		in->p = plain_end(in->p, in->end);
	}
}

/* Takes digits into the text; at least one. */
static enum err digits(struct json_in *in)
{
	bool any = false;
	int c;

	for (;;) {
		TRY(peek(in, &c));
		if (c < '0' || c > '9') {
			break;
		}
		any = true;
		buf_put_c(&in->text, (char)c);
		in->p++;
	}
	return any ? OK : bad(in, E_INVALID, N_("A number has no digits where it needs some."));
}

static enum err take_if(struct json_in *in, const char *any, bool *took)
{
	int c;

	TRY(peek(in, &c));
	*took = c > 0 && strchr(any, c) != NULL;
	if (*took) {
		buf_put_c(&in->text, (char)c);
		in->p++;
	}
	return OK;
}

static enum err number(struct json_in *in, struct str *text)
{
	bool took;

	buf_reset(&in->text);
	TRY(take_if(in, "-", &took));
	TRY(take_if(in, "0", &took));
	if (!took) {
		TRY(digits(in));
	}
	TRY(take_if(in, ".", &took));
	if (took) {
		TRY(digits(in));
	}
	TRY(take_if(in, "eE", &took));
	if (took) {
		TRY(take_if(in, "+-", &took));
		TRY(digits(in));
	}
	if (!buf_ok(&in->text)) {
		return bad(in, E_LIMIT, N_("A number is too long."));
	}
	*text = buf_str(&in->text);
	return OK;
}

static enum err word(struct json_in *in, const char *rest)
{
	int c;

	for (; *rest != '\0'; rest++) {
		TRY(peek(in, &c));
		if (c != *rest) {
			return bad(in, E_INVALID, N_("A value was expected here."));
		}
		in->p++;
	}
	return OK;
}

static void after_value(struct json_in *in)
{
	in->state = in->depth == 0 ? WANT_END : WANT_COMMA;
}

static enum err open_one(struct json_in *in, bool object)
{
	if (in->depth == LIMIT_JSON_DEPTH) {
		return bad(in, E_LIMIT, N_("Too many things inside each other."));
	}
	in->p++;
	in->objects[in->depth++] = object;
	in->state = object ? WANT_FIRST_KEY : WANT_FIRST_ITEM;
	return OK;
}

static void close_one(struct json_in *in)
{
	in->p++;
	in->depth--;
	after_value(in);
}

static enum err value(struct json_in *in, int c, enum json_token *token, struct str *text)
{
	switch (c) {
	case '{': *token = JSON_OBJECT; return open_one(in, true);
	case '[': *token = JSON_ARRAY; return open_one(in, false);
	case '"':
		in->p++;
		*token = JSON_STRING;
		TRY(string(in, text));
		break;
	case 't':
		*token = JSON_TRUE;
		TRY(word(in, "true"));
		break;
	case 'f':
		*token = JSON_FALSE;
		TRY(word(in, "false"));
		break;
	case 'n':
		*token = JSON_NULL;
		TRY(word(in, "null"));
		break;
	default:
		if (c != '-' && (c < '0' || c > '9')) {
			return bad(in, E_INVALID,
				   c < 0 ? N_("The file ends too early.") : N_("A value was expected here."));
		}
		*token = JSON_NUMBER;
		TRY(number(in, text));
		break;
	}
	after_value(in);
	return OK;
}

static enum err key(struct json_in *in, int c, struct str *text)
{
	if (c != '"') {
		return bad(in, E_INVALID, c < 0 ? N_("The file ends too early.") : N_("A name in quotes was expected here."));
	}
	in->p++;
	return string(in, text);
}

static enum err colon(struct json_in *in)
{
	int c;

	TRY(skip_space(in, &c));
	if (c != ':') {
		return bad(in, E_INVALID, N_("A colon was expected here."));
	}
	in->p++;
	in->state = WANT_VALUE;
	return OK;
}

static enum err comma_or_close(struct json_in *in, int *c, enum json_token *token, bool *closed)
{
	bool object = in->objects[in->depth - 1];

	*closed = *c == (object ? '}' : ']');
	if (*closed) {
		*token = object ? JSON_OBJECT_END : JSON_ARRAY_END;
		close_one(in);
		return OK;
	}
	if (*c != ',') {
		return bad(in, E_INVALID, *c < 0 ? N_("The file ends too early.") : N_("A comma was expected here."));
	}
	in->p++;
	in->state = object ? WANT_KEY : WANT_VALUE;
	return skip_space(in, c);
}

enum err json_next(struct json_in *in, enum json_token *token, struct str *text)
{
	bool closed = false;
	int c;

	*text = STR_NONE;
	if (in->err != OK) {
		return in->err;
	}
	if (in->state == WANT_COLON) {
		TRY(colon(in));
	}
	TRY(skip_space(in, &c));
	if (in->state == WANT_COMMA) {
		TRY(comma_or_close(in, &c, token, &closed));
		if (closed) {
			return OK;
		}
	}
	switch (in->state) {
	case WANT_FIRST_ITEM:
		if (c == ']') {
			*token = JSON_ARRAY_END;
			close_one(in);
			return OK;
		}
		return value(in, c, token, text);
	case WANT_FIRST_KEY:
		if (c == '}') {
			*token = JSON_OBJECT_END;
			close_one(in);
			return OK;
		}
		__attribute__((fallthrough));
	case WANT_KEY:
		*token = JSON_KEY;
		TRY(key(in, c, text));
		in->state = WANT_COLON;
		return OK;
	case WANT_END:
		*token = JSON_END;
		return c < 0 ? OK : bad(in, E_INVALID, N_("Something follows the end."));
	case WANT_VALUE:
	case WANT_COLON:
	case WANT_COMMA:
		break;
	}
	return value(in, c, token, text);
}

enum err json_skip(struct json_in *in, enum json_token token)
{
	int depth = in->depth - 1;
	struct str text;

	if (token != JSON_OBJECT && token != JSON_ARRAY) {
		return OK;
	}
	while (in->depth > depth) {
		TRY(json_next(in, &token, &text));
	}
	return OK;
}
