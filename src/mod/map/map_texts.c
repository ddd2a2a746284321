/*
 * The words of the interactive map in the visitor's language. Their keys are those of assets/map/texts.js; sentences with a
 * count come in each form that the language has, the number left for the script to set in.
 */
#include "../../base/json.h"
#include "../../base/limits.h"
#include "../../html/i18n.h"
#include "map.h"

static const struct {
	const char *key, *words;
} plain[] = {
	{"map", N_("Interactive map")},
	{"help", N_("Arrow keys move the map, plus and minus zoom. Tab goes from mark to mark.")},
	{"marks", N_("Marks on the map")},
	{"empty", N_("Nothing in this view. Zoom out or change the filters.")},
	{"loading", N_("Loading…")},
	{"error", N_("The marks could not be loaded.")},
	{"errorTiles", N_("The base map could not be loaded; the marks are still there.")},
	{"retry", N_("Try again")},
	{"zoomIn", N_("Zoom in")},
	{"zoomOut", N_("Zoom out")},
	{"fullScreen", N_("Full screen")},
	{"leaveFullScreen", N_("Leave full screen")},
	{"nearMe", N_("Near me")},
	{"here", N_("You are about here")},
	{"nearMeRefused", N_("Your browser did not give your position. You can search for a town instead.")},
	{"share", N_("Share this view")},
	{"shareHelp", N_("This address opens the map as you see it now.")},
	{"embed", N_("Put this map on your site")},
	{"embedHelp", N_("Copy these lines into your page.")},
	{"copy", N_("Copy")},
	{"copied", N_("Copied")},
	{"close", N_("Close")},
	{"legend", N_("Legend")},
	{"legendCluster", N_("Several, close together")},
	{"legendApproximate", N_("Approximate place")},
	{"exact", N_("Exact place")},
	{"street", N_("Placed in its street")},
	{"commune", N_("Placed in its town only")},
	{"departement", N_("Placed in its département only")},
	{"open", N_("Open the page")},
};

/* A number of each of CLDR's forms in at least one of our languages. */
static const struct {
	const char *form;
	int64_t n;
} forms[] = {{"zero", 0}, {"one", 1}, {"two", 2}, {"few", 3}, {"many", 11}, {"other", 100}};

static void put_forms(struct req *rq, struct json_out *o, const char *key, struct str (*words)(const struct i18n *l, int64_t n))
{
	for (size_t i = 0; i < COUNT(forms); i++) {
		json_put_kv_str(o, str_fmt(rq->mem, "%s.%s", key, forms[i].form), words(rq->i18n, forms[i].n));
	}
}

static struct str of_cluster(const struct i18n *l, int64_t n)
{
	return tr_n(l, "{n} here, zoom in", "{n} here, zoom in", n);
}

static struct str of_stack(const struct i18n *l, int64_t n)
{
	return tr_n(l, "{n} at this place", "{n} at this place", n);
}

static struct str of_view(const struct i18n *l, int64_t n)
{
	return tr_n(l, "{n} in this view", "{n} in this view", n);
}

struct str map_texts(struct req *rq)
{
	struct buf b = buf_make(rq->mem, KIB(32));
	struct json_out o = json_to(&b);

	json_put_object(&o);
	for (size_t i = 0; i < COUNT(plain); i++) {
		json_put_kv_str(&o, str_of(plain[i].key), str_of(T(rq, plain[i].words)));
	}
	put_forms(rq, &o, "cluster", of_cluster);
	put_forms(rq, &o, "stack", of_stack);
	put_forms(rq, &o, "shown", of_view);
	json_put_object_end(&o);
	return json_done(&o) == OK ? buf_str(&b) : S("{}");
}
