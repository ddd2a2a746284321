/*
 * The official points of communes: what comes is laid over the atlas; nothing inside our own networks is asked.
 */
#include "t.h"

#include <stdio.h>
#include <unistd.h>
#include <zlib.h>

#include "base/time.h"
#include "core/atlas.h"
#include "core/setting.h"
#include "db/db.h"
#include "http/gunzip.h"
#include "job/job.h"
#include "mod/exchange/territory_fetch.h"
#include "thing.h"

static struct job_ctx ctx_of(struct t *t)
{
	return (struct job_ctx){.db = t->db, .mem = t->mem, .site = site_now(), .now = time_now()};
}

static void points_come(struct t *t)
{
	static const char text[] =
		"{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"nom\":\"Crest\","
		"\"code\":\"26108\"},\"geometry\":{\"type\":\"Point\",\"coordinates\":[5.0235,44.7301]}},"
		"{\"type\":\"Feature\",\"properties\":{\"nom\":\"?\",\"code\":\"99999\"},"
		"\"geometry\":{\"type\":\"Point\",\"coordinates\":[5,44]}}]}";
	FILE *f = tmpfile();
	struct territory crest;

	thing_start(t);
	T_OK(site_load(t->db));
	struct job_ctx ctx = ctx_of(t);
	T_NEED(f != NULL);
	fwrite(text, 1, sizeof(text) - 1, f);
	rewind(f);
	T_EQ((int)territory_points_read(&ctx, 0, S("x"), fileno(f)), OK);
	fclose(f);
	T_TRUE(atlas_get(atlas_find(S("26108")), &crest));
	T_EQ((int)crest.point, ATLAS_POINT_EXACT);
	T_TRUE(crest.lat > 44.7300 && crest.lat < 44.7302 && crest.lon > 5.0234 && crest.lon < 5.0236);
}

static void inside_is_not_asked(struct t *t)
{
	thing_start(t);
	struct job_ctx ctx = ctx_of(t);

	T_ERR(E_REMOTE, territory_points_fetch(&ctx, 0, S("http://127.0.0.1:9/communes"), true));
	T_ERR(E_REMOTE, territory_points_fetch(&ctx, 0, S("file:///etc/passwd"), false));
}

/* A megabyte of nothing in a thousand bytes: unpacked to its bound and no further; what is cut or no archive is refused. */
static void archives_are_bounded(struct t *t)
{
	static unsigned char zeros[1 << 20], packed[4096];
	z_stream z = {.next_in = zeros, .avail_in = sizeof(zeros), .next_out = packed, .avail_out = sizeof(packed)};
	FILE *from = tmpfile(), *to = tmpfile();

	T_NEED(from && to);
	T_EQ(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
	T_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
	T_EQ(deflateEnd(&z), Z_OK);
	T_EQ(pwrite(fileno(from), packed, z.total_out, 0), (ssize_t)z.total_out);
	T_TRUE(gunzip_is(fileno(from)));
	T_ERR(E_LIMIT, gunzip(fileno(from), fileno(to), (1 << 20) - 1));
	T_EQ(ftruncate(fileno(to), 0), 0);
	T_EQ(lseek(fileno(to), 0, SEEK_SET), 0);
	T_OK(gunzip(fileno(from), fileno(to), 1 << 20));
	T_EQ(lseek(fileno(to), 0, SEEK_END), 1 << 20);
	T_EQ(ftruncate(fileno(from), (off_t)z.total_out / 2), 0);
	T_ERR(E_INVALID, gunzip(fileno(from), fileno(to), 1 << 21));
	T_EQ(ftruncate(fileno(from), 0), 0);
	T_TRUE(!gunzip_is(fileno(from)));
	T_ERR(E_INVALID, gunzip(fileno(from), fileno(to), 1 << 21));
	fclose(from);
	fclose(to);
}

static const struct t_case cases[] = {
	{"official points are laid over the atlas",       points_come,         T_DB | T_SCHEMA},
	{"nothing inside our networks is asked for them", inside_is_not_asked, T_DB | T_SCHEMA},
	{"archives are unpacked to a bound",              archives_are_bounded, 0},
};
T_SUITE(territory_fetch, cases)
