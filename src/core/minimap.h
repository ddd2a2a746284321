/*
 * Small maps of pages: a list's results, one object's places, a territory. Drawn by core/svgmap.
 */
#ifndef CORE_MINIMAP_H
#define CORE_MINIMAP_H

#include "object.h"

/* The results of a list; frames `territory` when it has one (STR_NONE: what the marks need). Empty when nothing has a point. */
struct html minimap_rows(struct req *rq, const struct list_row *rows, size_t n, struct str territory, struct str title, struct url more);

/* One point of `precision`, in its surroundings. */
struct html minimap_point(struct req *rq, double lat, double lon, int precision, struct str territory, struct str title);

/* A territory: its shape highlighted when there is one, else a mark in its département. */
struct html minimap_territory(struct req *rq, struct str code, const struct list_row *rows, size_t n);

#endif
