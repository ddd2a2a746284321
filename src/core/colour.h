/*
 * Colours that the administrator chooses: whether they can be read together (WCAG 2). The thresholds are those of
 * doc/design-language.md: so chosen, every pair that the stylesheet derives can be read, in the light and in the dark.
 */
#ifndef CORE_COLOUR_H
#define CORE_COLOUR_H

#include "../base/str.h"

/* The contrast of two colours "#rrggbb" times a hundred: 450 is 4.5:1; 0 when one is no colour. */
int colour_contrast(struct str a, struct str b);
/* Judges the four of a site, empty ones being the design's own; errors[] get a sentence (N_()) or stay NULL, in this order. */
void colours_check(struct str accent, struct str accent2, struct str paper, struct str ink, const char *errors[4]);

#endif
