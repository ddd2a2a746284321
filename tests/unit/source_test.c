/*
 * Live sources: what changes there, what is gone there, whose word is enough; and addresses that are never asked.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "thing.h"

#include "base/time.h"
#include "core/proposal.h"
#include "db/db.h"
#include "http/fetch.h"
#include "mod/exchange/source.h"

static struct source_by_id_row source_of(struct t *t, bool trusted)
{
	struct source_add_in in = {.name = S("There"), .url = S("https://there.example/list.csv"), .kind = S("things"),
				   .options = S("{\"map\":{\"Libell\xc3\xa9\":\"name\"}}"), .trusted = trusted, .every_hours = 24,
				   .misses_max = 2, .account = 7, .now = T_NOW};
	struct source_add_row row = {0};
	struct source_by_id_row s = {0};

	(void)t_eq_err(t, T_AT("begin"), OK, db_begin(t->db, DB_WRITE));
	(void)t_eq_err(t, T_AT("add"), OK, source_add(t->db, &in, t->mem, &row));
	(void)t_eq_err(t, T_AT("commit"), OK, db_commit(t->db));
	(void)t_eq_err(t, T_AT("get"), OK, source_by_id(t->db, row.id, t->mem, &s));
	return s;
}

/* Each reading is later than the one before. */
static struct import *reading(struct t *t, const struct source_by_id_row *s, const char *text)
{
	struct import *im = mem_new(t->mem, struct import);
	const char *path = t_tmp(t, "source");
	FILE *f = fopen(path, "wb");
	int fd;

	T_TRUE(f && fputs(text, f) >= 0 && fclose(f) == 0);
	time_set(time_now() + TIME_HOUR);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	(void)t_eq_err(t, T_AT(text), OK, source_take(t->mem, t->db, s, fd, "en", im));
	close(fd);
	return im;
}

static struct object thing_named(struct t *t, const char *slug)
{
	struct object ob = {0};
	int64_t id = 0;

	(void)t_eq_err(t, T_AT(slug), OK, object_id_of(t->db, t->mem, &thing_entity, str_of(slug), &id));
	(void)t_eq_err(t, T_AT(slug), OK, object_by_id(t->db, t->mem, id, &ob));
	return ob;
}

static void trusted(struct t *t)
{
	thing_start(t);
	struct source_by_id_row s = source_of(t, true);
	struct import *im = reading(t, &s, "id;Libell\xc3\xa9;summary\n1;One;a\n2;Two;b\n");
	T_EQ(im->created, 2);
	im = reading(t, &s, "id;Libell\xc3\xa9;summary\n1;One;changed\n");
	T_EQ(im->updated, 1);
	struct object ob = thing_named(t, "one");
	T_STR(json_str(json_get(ob.doc.j, "summary")), "changed");
	T_EQ((int)thing_named(t, "two").status, ST_PUBLISHED);
	/* An empty list is no news of those who are gone. */
	(void)reading(t, &s, "id;Libell\xc3\xa9;summary\n");
	T_EQ((int)thing_named(t, "two").status, ST_PUBLISHED);
	(void)reading(t, &s, "id;Libell\xc3\xa9;summary\n1;One;changed\n");
	T_EQ((int)thing_named(t, "two").status, ST_ARCHIVED);
	T_EQ((int)thing_named(t, "one").status, ST_PUBLISHED);
	/* And back again. */
	(void)reading(t, &s, "id;Libell\xc3\xa9;summary\n1;One;changed\n2;Two;b\n");
	T_EQ((int)thing_named(t, "two").status, ST_PUBLISHED);
}

static size_t open_about(struct t *t, int64_t object, int type)
{
	struct proposal *list;
	size_t n = 0, found = 0;

	(void)t_eq_err(t, T_AT("proposals"), OK, proposals_of(t->db, t->mem, object, 20, &list, &n));
	for (size_t i = 0; i < n; i++) {
		found += (int)list[i].type == type && list[i].state == 0;
	}
	return found;
}

static void reviewed(struct t *t)
{
	const struct act act = {.verb = "accept", .account = 7, .now = T_NOW, .public_change = true};
	struct proposal *list;
	size_t n;

	thing_start(t);
	struct source_by_id_row s = source_of(t, false);
	(void)reading(t, &s, "id;Libell\xc3\xa9;summary\n1;One;a\n2;Two;b\n");
	struct object ob = thing_named(t, "one");
	T_EQ((int)ob.status, ST_PROPOSED);
	T_EQ(open_about(t, ob.id, PROP_NEW), 1);
	T_OK(proposals_of(t->db, t->mem, ob.id, 5, &list, &n));
	T_NEED(n == 1);
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(proposal_accept(t->db, t->mem, list[0].id, NULL, 0, false, &act));
	T_OK(db_commit(t->db));
	struct import *im = reading(t, &s, "id;Libell\xc3\xa9;summary\n1;One;changed\n2;Two;b\n");
	T_EQ(im->updated, 1);
	ob = thing_named(t, "one");
	T_STR(json_str(json_get(ob.doc.j, "summary")), "a");
	T_EQ(open_about(t, ob.id, PROP_CHANGE), 1);
	/* The same change is not proposed twice. */
	im = reading(t, &s, "id;Libell\xc3\xa9;summary\n1;One;changed\n2;Two;b\n");
	T_EQ(im->updated, 0);
	T_EQ(open_about(t, ob.id, PROP_CHANGE), 1);
	(void)reading(t, &s, "id;Libell\xc3\xa9;summary\n2;Two;b\n");
	(void)reading(t, &s, "id;Libell\xc3\xa9;summary\n2;Two;b\n");
	T_EQ((int)thing_named(t, "one").status, ST_PUBLISHED);
	T_EQ(open_about(t, ob.id, PROP_WITHDRAW), 1);
}

static bool is_public(const char *text)
{
	struct sockaddr_in a4 = {.sin_family = AF_INET};
	struct sockaddr_in6 a6 = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &a4.sin_addr) == 1) {
		return fetch_is_public((struct sockaddr *)&a4);
	}
	return inet_pton(AF_INET6, text, &a6.sin6_addr) == 1 && fetch_is_public((struct sockaddr *)&a6);
}

static void private_addresses(struct t *t)
{
	static const char *const closed[] = {"127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254",
					     "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1",
					     "fd00::1", "::ffff:127.0.0.1", "::ffff:10.1.2.3", "ff02::1"};
	static const char *const open_ones[] = {"1.1.1.1", "172.32.0.1", "193.0.0.1", "2001:4860::1", "::ffff:8.8.8.8"};
	static const char *const urls[] = {"http://127.0.0.1:1/x", "http://localhost:1/", "http://[::1]:1/", "http://2130706433:1/",
					   "file:///etc/passwd", "ftp://127.0.0.1/"};
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	for (size_t i = 0; i < COUNT(closed); i++) {
		if (is_public(closed[i])) {
			t_fail(t, T_AT("closed"), "%s is open", closed[i]);
		}
	}
	for (size_t i = 0; i < COUNT(open_ones); i++) {
		if (!is_public(open_ones[i])) {
			t_fail(t, T_AT("open"), "%s is closed", open_ones[i]);
		}
	}
	for (size_t i = 0; i < COUNT(urls); i++) {
		struct fetch_ask ask = {.url = str_of(urls[i]), .to = null, .max = 1000};
		struct fetch_answer a;

		T_ERR(E_REMOTE, fetch(t->mem, &ask, &a));
		T_TRUE(a.error.n > 0);
	}
	close(null);
}

static const struct t_case cases[] = {
	{"a trusted source is followed", trusted, T_DB | T_SCHEMA},
	{"a moderator decides about another", reviewed, T_DB | T_SCHEMA},
	{"addresses of this machine are never asked", private_addresses, 0},
};
T_SUITE(source, cases)
