/*
 * The pictures of an object: which are shown, where they lie, how large they are.
 */
#include "core/pictures.h"

#include "thing.h"

static void shown(struct t *t)
{
	struct picture p[8];

	thing_start(t);
	struct object ob = thing_save(t, &thing_entity,
				      "{\"name\":\"House\",\"pictures\":["
				      "{\"file\":\"assets/demo-shelter.svg\",\"alt\":\"A house\"},"
				      "{\"file\":\"0123456789abcdef0123456789abcdef01234567-1200x900.webp\"},"
				      "{\"file\":\"0123456789abcdef0123456789abcdef01234567.pdf\",\"alt\":\"no picture\"}]}");
	T_EQ(pictures_of(thing_req(t), &ob, p), 2);
	T_STR(p[0].large.s, "/assets/demo-shelter.svg");
	T_STR(p[0].alt, "A house");
	T_STR(p[0].lang, "fr");
	T_EQ(p[0].width, 800);
	T_STR(p[1].large.s, "/media/0123456789abcdef0123456789abcdef01234567-1200x900.webp");
	T_STR(p[1].small.s, "/media/0123456789abcdef0123456789abcdef01234567-1200x900-800.webp");
	T_EQ(p[1].width, 1200);
	T_EQ(p[1].height, 900);
	struct object none = thing_save(t, &thing_entity, "{\"name\":\"Nothing\"}");
	T_EQ(pictures_of(thing_req(t), &none, p), 0);
}

static const struct t_case cases[] = {
	{"an object's pictures are shown, other files are not", shown, T_DB | T_SCHEMA},
};
T_SUITE(pictures, cases)
