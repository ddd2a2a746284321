/*
 * The snapshot in force, and texts in the right language. Snapshots are few (one for each change of the settings) and
 * small, and a request may hold one as long as it runs, so none is ever freed.
 */
#include "site.h"

#include <pthread.h>
#include <stdatomic.h>

#include "web.h"

#include "../base/mem.h"

const char *const site_langs[SITE_LANGS] = {"fr", "en", "es", "pt", "ar"};

/* What is shown before core/setting.c has spoken, and in tests. */
static const struct site fresh = {
	.name = {{S_INIT("Maillage"), S_INIT("Maillage"), S_INIT("Maillage"), S_INIT("Maillage"), S_INIT("Maillage")}},
	.base_url = S_INIT("http://127.0.0.1:8080"),
	.contact_mail = S_INIT(""),
	.time_zone = S_INIT("Europe/Paris"),
	.country = S_INIT("FR"),
	.langs = { "fr", "en", "es", "pt", "ar"},
	.n_langs = SITE_LANGS,
	.logo = S_INIT(""),
	.accent = S_INIT(""),
	.accent2 = S_INIT(""),
	.paper = S_INIT(""),
	.ink = S_INIT(""),
	.tiles = S_INIT(""),
	.tiles_credit = S_INIT(""),
	.proposals_open = true,
};

static _Atomic(const struct site *) now = &fresh;

int site_lang_index(struct str lang)
{
	for (int i = 0; i < SITE_LANGS; i++) {
		if (str_eq(lang, str_of(site_langs[i]))) {
			return i;
		}
	}
	return -1;
}

struct str site_text_in(const struct site *site, const struct site_text *t, const char *lang)
{
	int at = site_lang_index(str_of(lang));

	if (at >= 0 && t->in[at].n) {
		return t->in[at];
	}
	for (size_t i = 0; i < site->n_langs; i++) {
		at = site_lang_index(str_of(site->langs[i]));
		if (at >= 0 && t->in[at].n) {
			return t->in[at];
		}
	}
	for (int i = 0; i < SITE_LANGS; i++) {
		if (t->in[i].n) {
			return t->in[i];
		}
	}
	return S("");
}

const struct site *site_now(void)
{
	return atomic_load(&now);
}

static struct mem *kept;
static struct str base_url;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* A copy with what the command line decided, and a key if the settings bring none (nothing may be signed with zeros). */
static void put(const struct site *site)
{
	static const struct crypt_key none;
	struct site *copy;

	pthread_mutex_lock(&lock);
	kept = kept ? kept : mem_open();
	copy = mem_new(kept, struct site);
	*copy = *site;
	if (base_url.n) {
		copy->base_url = base_url;
	}
	if (memcmp(&copy->key, &none, sizeof(none)) == 0) {
		crypt_key_make(&copy->key);
	}
	atomic_store(&now, copy);
	pthread_mutex_unlock(&lock);
	web_data_changed();
}

void site_set(const struct site *site)
{
	put(site);
}

void site_set_base_url(struct str url)
{
	pthread_mutex_lock(&lock);
	kept = kept ? kept : mem_open();
	base_url = str_dup(kept, url);
	pthread_mutex_unlock(&lock);
	put(site_now());
}
