/*
 * What the tests of the atlas share.
 */
#include "atlas_kit.h"

#include "core/atlas_data.h"

void kit_atlas(struct t *t)
{
	if (atlas_file.head == NULL) {
		T_OK(atlas_open_built_in());
	}
}

atlas_id kit_id(const char *code)
{
	return atlas_find(str_of(code));
}

struct territory kit_get(struct t *t, const char *code)
{
	struct territory x = {0};

	if (!atlas_get(kit_id(code), &x)) {
		t_fail(t, T_AT("code"), "nothing has the code %s", code);
	}
	return x;
}

struct str kit_name(atlas_id id)
{
	struct territory x = {0};

	return atlas_get(id, &x) ? x.name : S("(none)");
}

struct str kit_code(atlas_id id)
{
	struct territory x = {0};

	return atlas_get(id, &x) ? x.code : S("(none)");
}
