/*
 * The words that differ between two texts: what both have in common is found by the longest common subsequence of words,
 * after cutting equal beginnings and ends; texts too long for that are shown as wholly replaced.
 */
#include "../../base/limits.h"
#include "desk.h"

struct words {
	struct str w[LIMIT_DIFF_WORDS];
	size_t n;
	bool over;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

/* A word with the white space after it. */
static struct str next_word(struct str *rest)
{
	size_t i = 0;

	while (i < rest->n && !is_space(rest->p[i])) {
		i++;
	}
	while (i < rest->n && is_space(rest->p[i])) {
		i++;
	}
	struct str word = str_sub(*rest, 0, i);
	*rest = str_sub(*rest, i, rest->n);
	return word;
}

static void split(struct str text, struct words *out)
{
	out->n = 0;
	while (text.n && out->n < LIMIT_DIFF_WORDS) {
		out->w[out->n++] = next_word(&text);
	}
	out->over = text.n > 0;
}

static bool same(struct str a, struct str b)
{
	return str_eq(str_trim(a), str_trim(b));
}

/* kept[i] tells whether the i-th word of `side` is in both; `a` and `b` are what is left between equal ends. */
static void common(struct mem *m, const struct str *a, size_t n_a, const struct str *b, size_t n_b, bool *kept_a, bool *kept_b)
{
	uint16_t *best = mem_array(m, uint16_t, (n_a + 1) * (n_b + 1)); /* zeroed: the last row and column */
	size_t w = n_b + 1;

	for (size_t i = n_a; i-- > 0;) {
		for (size_t k = n_b; k-- > 0;) {
			uint16_t down = best[(i + 1) * w + k], right = best[i * w + k + 1];

			best[i * w + k] = same(a[i], b[k]) ? (uint16_t)(best[(i + 1) * w + k + 1] + 1) : down > right ? down : right;
		}
	}
	for (size_t i = 0, k = 0; i < n_a && k < n_b;) {
		if (same(a[i], b[k])) {
			kept_a[i++] = kept_b[k++] = true;
		} else if (best[(i + 1) * w + k] >= best[i * w + k + 1]) {
			i++;
		} else {
			k++;
		}
	}
}

/* What follows `last` in `word`, which begins with it or with white space. */
static struct str after_of(struct str word, struct str last)
{
	size_t end = last.n ? (size_t)(last.p - word.p) + last.n : 0;

	return str_sub(word, end, word.n);
}

static void put(struct out *o, const struct words *side, const bool *kept, bool new_side)
{
	for (size_t i = 0; i < side->n;) {
		bool is_kept = kept[i];

		if (!is_kept && new_side) {
			OUT_LIT(o, "<ins>");
		} else if (!is_kept) {
			OUT_LIT(o, "<del>");
		}
		while (i + 1 < side->n && kept[i + 1] == is_kept) {
			out_lines(o, side->w[i++]);
		}
		struct str last = str_trim(side->w[i]);
		out_lines(o, last);
		if (!is_kept && new_side) {
			OUT_LIT(o, "</ins>");
		} else if (!is_kept) {
			OUT_LIT(o, "</del>");
		}
		out_lines(o, after_of(side->w[i++], last)); /* its white space is not part of the mark */
	}
}

static void put_whole(struct out *o, struct str s, bool new_side)
{
	if (new_side) {
		OUT_LIT(o, "<ins>");
		out_lines(o, s);
		OUT_LIT(o, "</ins>");
	} else {
		OUT_LIT(o, "<del>");
		out_lines(o, s);
		OUT_LIT(o, "</del>");
	}
}

void desk_diff(struct out *o, struct str before, struct str after, bool new_side)
{
	struct mem *m = mem_open();
	struct words *a = mem_new(m, struct words), *b = mem_new(m, struct words);
	bool *kept_a = mem_array(m, bool, LIMIT_DIFF_WORDS), *kept_b = mem_array(m, bool, LIMIT_DIFF_WORDS);
	size_t head = 0, tail = 0;

	split(before, a);
	split(after, b);
	if ((new_side ? after : before).n == 0) {
		mem_close(m);
		return;
	}
	if (a->over || b->over) {
		put_whole(o, new_side ? after : before, new_side);
		mem_close(m);
		return;
	}
	while (head < a->n && head < b->n && same(a->w[head], b->w[head])) {
		kept_a[head] = kept_b[head] = true;
		head++;
	}
	while (tail < a->n - head && tail < b->n - head && same(a->w[a->n - 1 - tail], b->w[b->n - 1 - tail])) {
		kept_a[a->n - 1 - tail] = kept_b[b->n - 1 - tail] = true;
		tail++;
	}
	common(m, a->w + head, a->n - head - tail, b->w + head, b->n - head - tail, kept_a + head, kept_b + head);
	put(o, new_side ? b : a, new_side ? kept_b : kept_a, new_side);
	mem_close(m);
}
