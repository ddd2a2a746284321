/*
 * The bands themselves.
 */
#include "bands.h"

static const struct choice size_choices[] = {
	{"under_500",  N_("Under 500 inhabitants"),          NULL, ""},
	{"500_2k",     N_("500 to 2,000 inhabitants"),       NULL, ""},
	{"2k_10k",     N_("2,000 to 10,000 inhabitants"),    NULL, ""},
	{"10k_50k",    N_("10,000 to 50,000 inhabitants"),   NULL, ""},
	{"50k_200k",   N_("50,000 to 200,000 inhabitants"),  NULL, ""},
	{"over_200k",  N_("Over 200,000 inhabitants"),       NULL, ""},
};
const struct vocabulary band_sizes = {"size", TABLE(size_choices), .editable = false};

static const struct choice rurality_choices[] = {
	{"urban",        N_("Dense city"),      NULL, ""},
	{"intermediate", N_("Medium density"),  NULL, ""},
	{"rural",        N_("Rural"),           NULL, ""},
	{"very_rural",   N_("Very rural"),      NULL, ""},
};
const struct vocabulary band_ruralities = {"rurality", TABLE(rurality_choices), .editable = false};

const struct choice *band_size(int64_t population)
{
	static const int64_t upto[] = {500, 2000, 10000, 50000, 200000};
	size_t i = 0;

	if (population < 0) {
		return NULL;
	}
	while (i < COUNT(upto) && population >= upto[i]) {
		i++;
	}
	return &size_choices[i];
}

const struct choice *band_rurality(int rurality)
{
	return rurality >= 1 && rurality <= 4 ? &rurality_choices[rurality - 1] : NULL;
}
