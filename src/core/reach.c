/*
 * See reach.h.
 */
#include "mail.h"
#include "reach.h"

struct str object_mail(const struct object *ob)
{
	const struct json *contacts = json_get(ob->doc.j, "contacts");
	struct str hidden = STR_NONE;

	for (size_t i = 0; i < ob->entity->n_fields; i++) {
		struct str v = json_str(json_get(ob->doc.j, ob->entity->fields[i].name));
		if (ob->entity->fields[i].type == F_MAIL && mail_address_ok(v)) {
			return v;
		}
	}
	for (size_t i = 0; contacts->kind == JSON_IS_ARRAY && i < contacts->n; i++) {
		const struct json *c = &contacts->items[i];
		struct str v = str_trim(json_str(json_get(c, "value"))), seen = json_str(json_get(c, "visibility"));
		if (!str_eq(json_str(json_get(c, "type")), S("mail")) || !mail_address_ok(v)) {
			continue;
		}
		if (!seen.n || str_eq(seen, S("public"))) {
			return v;
		}
		hidden = hidden.p ? hidden : v;
	}
	return hidden;
}
