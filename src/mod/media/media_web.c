/*
 * GET /media/:name. A file is shown to everybody while a published object shows it; to those who work here as long as it is
 * kept; and to whoever just sent it, by its name, until it is attached.
 */
#include "media_room.h"

#include "../../core/media.h"
#include "object.sql.h"

static enum err may_see(struct req *rq, struct str name)
{
	struct attachment_is_public_row shown;
	struct attachment_known_row known;
	enum err err = attachment_is_public(rq->db, name, rq->mem, &shown);

	if (err != E_NOTFOUND || rq->who.role >= ROLE_CONTRIBUTOR) {
		return err == E_NOTFOUND ? OK : err;
	}
	err = attachment_known(rq->db, name, rq->mem, &known);
	return err == OK ? E_NOTFOUND : err == E_NOTFOUND ? OK : err;
}

static enum err media_show(struct req *rq)
{
	struct str name = req_param(rq, "name");
	const char *mime = media_mime(name);
	size_t size;
	int fd;

	TRY(may_see(rq, media_original(rq->mem, name)));
	TRY(media_open(name, &fd, &size));
	req_set_header(rq, "Cache-Control", S("private, max-age=86400"));
	req_set_header(rq, "Content-Security-Policy", S("default-src 'none'; sandbox"));
	req_set_header(rq, "X-Content-Type-Options", S("nosniff"));
	if (!media_is_picture(name)) {
		reply_as_download(rq, name);
	}
	return reply_file(rq, mime, fd, size, str_fmt(rq->mem, "\"%.*s\"", STR_ARG(str_sub(name, 0, 60))));
}

static const struct route routes[] = {
	{GET, "/media/:name", ANYONE, media_show, N_("An attached file"), ROUTE_NO_LANG},
};

const struct module media_module = {
	.name = "media",
	.routes = TABLE(routes),
};
