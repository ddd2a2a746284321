/*
 * The mail server of the site: one row of the settings, with the password sealed.
 */
#include "../base/json.h"
#include "../crypt/crypt.h"
#include "../db/db.h"
#include "mail.h"
#include "mail.sql.h"

enum { VALUE_MAX = 16 * 1024 };

static void password_key(const struct site *site, struct crypt_key *out)
{
	crypt_key_derive(&site->key, "mail server password", out);
}

enum err mail_server_get(struct db *db, struct mem *m, const struct site *site, struct mail_server *out)
{
	struct mail_setting_row row;
	struct json j;
	struct crypt_key key;
	struct str sealed;

	TRY(mail_setting(db, m, &row));
	TRY(json_parse(m, row.value, &j, NULL));
	*out = (struct mail_server){
		.url = json_text(&j, "url"),
		.user = json_text(&j, "user"),
		.password = S(""),
		.from = json_text(&j, "from"),
		.from_name = json_text(&j, "from_name"),
		.ca_file = json_text(&j, "ca_file"),
		.plain = json_true(json_get(&j, "plain")),
	};
	(void)json_i64(json_get(&j, "hourly"), &out->hourly);
	if (str_empty(out->url)) {
		return E_NOTFOUND;
	}
	sealed = json_text(&j, "password");
	if (sealed.n) {
		password_key(site, &key);
		TRY(crypt_unseal(m, &key, sealed, &out->password));
	}
	return OK;
}

enum err mail_server_set(struct db *db, struct mem *m, const struct site *site, const struct mail_server *server, int64_t now)
{
	struct buf b = buf_make(m, VALUE_MAX);
	struct json_out o = json_to(&b);
	struct crypt_key key;

	if (!str_empty(server->url) &&
	    ((!str_starts(server->url, S("smtp://")) && !str_starts(server->url, S("smtps://"))) || !mail_address_ok(server->from))) {
		return E_INVALID;
	}
	password_key(site, &key);
	json_put_object(&o);
	json_put_kv_str(&o, S("url"), server->url);
	json_put_kv_str(&o, S("user"), server->user);
	json_put_kv_str(&o, S("password"), str_empty(server->password) ? S("") : crypt_seal(m, &key, server->password));
	json_put_kv_str(&o, S("from"), server->from);
	json_put_kv_str(&o, S("from_name"), server->from_name);
	json_put_kv_str(&o, S("ca_file"), server->ca_file);
	json_put_kv_bool(&o, S("plain"), server->plain);
	json_put_kv_i64(&o, S("hourly"), server->hourly);
	json_put_object_end(&o);
	TRY(json_done(&o));
	return mail_setting_put(db, buf_str(&b), now);
}
