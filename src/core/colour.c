/*
 * Contrast of colours, as WCAG 2 reckons it.
 */
#include "colour.h"

#include <math.h>

#define PAPER S("#faf6ee")
#define INK S("#1f292f")
#define ACCENT S("#1b5575")
#define ACCENT_2 S("#b4472b")
#define WHITE S("#ffffff")

static int hex(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

static bool luminance(struct str s, double *out)
{
	static const double share[3] = {0.2126, 0.7152, 0.0722};

	*out = 0;
	if (s.n != 7 || s.p[0] != '#') {
		return false;
	}
	for (size_t i = 0; i < 3; i++) {
		int hi = hex(s.p[1 + 2 * i]), lo = hex(s.p[2 + 2 * i]);
		if (hi < 0 || lo < 0) {
			return false;
		}
		double c = (hi * 16 + lo) / 255.0;
		*out += share[i] * (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
	}
	return true;
}

int colour_contrast(struct str a, struct str b)
{
	double la, lb;

	if (!luminance(a, &la) || !luminance(b, &lb)) {
		return 0;
	}
	double light = la > lb ? la : lb, dark = la > lb ? lb : la;
	return (int)((light + 0.05) / (dark + 0.05) * 100);
}

void colours_check(struct str accent, struct str accent2, struct str paper, struct str ink, const char *errors[4])
{
	struct str c[2] = {accent.n ? accent : ACCENT, accent2.n ? accent2 : ACCENT_2},
		   ground = paper.n ? paper : PAPER;
	double l;

	if (!luminance(ground, &l)) {
		return; /* no colour at all: told where it is written */
	}
	if (paper.n && l < 0.8) {
		errors[2] = N_("This paper is too dark to read on: please choose a lighter colour.");
	}
	if (luminance(ink.n ? ink : INK, &l) && colour_contrast(ink.n ? ink : INK, ground) < 700) {
		errors[3] = N_("This text would be hard to read on the paper: please choose a darker colour.");
	}
	for (size_t i = 0; i < 2; i++) {
		if (luminance(c[i], &l) &&
		    (colour_contrast(c[i], ground) < 450 || colour_contrast(c[i], WHITE) < 450)) {
			errors[i] = N_("This colour is too light to be read: please choose a darker one.");
		}
	}
}
