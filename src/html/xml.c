/*
 * XML of strangers over libxml2's reader. See xml.h.
 */
#include <libxml/xmlreader.h>

#include "xml.h"

struct xml_in {
	xmlTextReaderPtr reader;
	read_more *more;
	void *ctx;
	struct str rest;      /* given by `more`, not yet taken */
	enum err failed;      /* of `more` */
	bool doctype;
	bool end_follows;     /* the element that began is empty */
	bool over;
};

static int take(void *ctx, char *to, int max)
{
	struct xml_in *in = ctx;
	size_t n;

	while (!in->rest.n && !in->over) {
		in->failed = in->more(in->ctx, &in->rest);
		if (in->failed != OK) {
			return -1;
		}
		in->over = in->rest.n == 0;
	}
	n = in->rest.n < (size_t)max ? in->rest.n : (size_t)max;
	if (n) {
		memcpy(to, in->rest.p, n);
		in->rest = str_sub(in->rest, n, in->rest.n);
	}
	return (int)n;
}

static void drop(void *p)
{
	xmlFreeTextReader(p);
}

/* What libxml2 would print is told by us, once, with the line. */
static void quiet(void *ctx, xmlErrorPtr e)
{
	(void)ctx;
	(void)e;
}

struct xml_in *xml_open(struct mem *m, read_more *more, void *ctx)
{
	struct xml_in *in = mem_new(m, struct xml_in);

	in->more = more;
	in->ctx = ctx;
	in->reader = xmlReaderForIO(take, NULL, in, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOCDATA);
	if (in->reader) {
		xmlTextReaderSetStructuredErrorHandler(in->reader, quiet, NULL);
		mem_defer(m, drop, in->reader);
	}
	return in;
}

static enum err refuse(const struct xml_in *in)
{
	return in->failed != OK ? in->failed : E_INVALID;
}

static struct str local(const struct xml_in *in)
{
	const xmlChar *name = xmlTextReaderConstLocalName(in->reader);

	return name ? str_of((const char *)name) : S("");
}

static struct str value(const struct xml_in *in)
{
	const xmlChar *s = xmlTextReaderConstValue(in->reader);

	return s ? str_of((const char *)s) : S("");
}

enum err xml_next(struct xml_in *in, enum xml_token *token, struct str *text)
{
	if (!in->reader) {
		return refuse(in);
	}
	if (in->end_follows) {
		in->end_follows = false;
		*token = XML_END;
		*text = local(in);
		return OK;
	}
	for (;;) {
		int got = xmlTextReaderRead(in->reader);

		if (got < 0) {
			return refuse(in);
		}
		if (got == 0) {
			*token = XML_DONE;
			*text = S("");
			return OK;
		}
		switch (xmlTextReaderNodeType(in->reader)) {
		case XML_READER_TYPE_ELEMENT:
			in->end_follows = xmlTextReaderIsEmptyElement(in->reader) == 1;
			*token = XML_START;
			*text = local(in);
			return OK;
		case XML_READER_TYPE_END_ELEMENT:
			*token = XML_END;
			*text = local(in);
			return OK;
		case XML_READER_TYPE_TEXT:
		case XML_READER_TYPE_CDATA:
			*token = XML_TEXT;
			*text = value(in);
			return OK;
		case XML_READER_TYPE_DOCUMENT_TYPE:
			in->doctype = true;
			return refuse(in);
		default:
			break;
		}
	}
}

struct str xml_attr(struct xml_in *in, struct mem *m, const char *name)
{
	struct str found = STR_NONE;

	for (int more = xmlTextReaderMoveToFirstAttribute(in->reader); more == 1 && !found.p;
	     more = xmlTextReaderMoveToNextAttribute(in->reader)) {
		if (str_eq(local(in), str_of(name))) {
			found = str_dup(m, value(in));
		}
	}
	(void)xmlTextReaderMoveToElement(in->reader);
	return found;
}

int xml_depth(const struct xml_in *in)
{
	return in->reader ? xmlTextReaderDepth(in->reader) : 0;
}

int64_t xml_line(const struct xml_in *in)
{
	return in->reader ? xmlTextReaderGetParserLineNumber(in->reader) : 0;
}

bool xml_declares(const struct xml_in *in)
{
	return in->doctype;
}
