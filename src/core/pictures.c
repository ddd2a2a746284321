/*
 * The pictures of an object, from its document.
 */
#include "pictures.h"

#include "media.h"

enum { DRAWING_WIDTH = 800, DRAWING_HEIGHT = 450, PICTURES_MAX = 8 };

size_t pictures_of(struct req *rq, const struct object *ob, struct picture out[8])
{
	const struct json *list = json_get(object_view(rq, ob).j, "pictures");
	size_t n = 0;

	for (size_t i = 0; list->kind == JSON_IS_ARRAY && i < list->n && n < PICTURES_MAX; i++) {
		const struct json *j = json_at(list, i);
		struct str file = json_str(json_get(j, "file"));
		struct picture *p = &out[n];

		if (!file.n || (!media_is_picture(file) && str_chr(file, '/') < 0)) {
			continue;
		}
		*p = (struct picture){.credit = json_str(json_get(j, "credit"))};
		p->alt = item_text(j, "alt", rq->lang, ob->lang, &p->lang);
		p->large = media_url(rq, file, 0);
		p->small = str_chr(file, '/') < 0 ? media_url(rq, file, media_widths[MEDIA_WIDTHS - 1]) : p->large;
		if (!media_size(file, &p->width, &p->height)) {
			p->width = DRAWING_WIDTH;
			p->height = DRAWING_HEIGHT;
		}
		n++;
	}
	return n;
}
