/*
 * Words as the search knows them: folded, cut at what is neither letter nor digit, with their stems in the languages we
 * know. A stem that is no word itself carries a mark of its language, so that a French stem finds French texts only.
 */
#ifndef CORE_SEARCH_TEXT_H
#define CORE_SEARCH_TEXT_H

#include "../base/mem.h"
#include "../base/str.h"

enum {
	SEARCH_LANGS = 5,
	SEARCH_WORD_MAX = 48 /* bytes of a word; longer ones are cut */
};

/* Calls fn for each word of a text (plain or Markdown; addresses are left out). The word lives in `m`. */
void search_split(struct mem *m, struct str text, void (*fn)(void *arg, struct str word), void *arg);

/* The position of a language among those that have stems; -1 if it is none of them. */
int search_lang(struct str code);
/* Gives the stemmers of one user; back with search_stems_give(). */
struct search_stems;
struct search_stems *search_stems_take(void);
void search_stems_give(struct search_stems *s);
/* The stem of a word, unmarked; the word itself when it has none shorter. */
struct str search_stem(struct search_stems *s, struct mem *m, int lang, struct str word);
/* The stem as a token of the index. */
struct str search_stem_token(struct mem *m, int lang, struct str stem);

/* Words that carry no meaning in one of the languages. */
bool search_is_stop(struct str word);
/* True for words that are kept in the vocabulary. */
bool search_is_word(struct str token);

/* Token of a word as it stands in a title, beside the word itself: so that titles are searched through short lists. */
struct str search_in_title(struct mem *m, struct str token);
/* Token of a term's id, and of a whole title. */
struct str search_term_token(struct mem *m, struct str id);
struct str search_title_token(struct mem *m, struct str title);

/* Letters in the opposite order. */
struct str search_backwards(struct mem *m, struct str word);
/* How many insertions, deletions, replacements and swaps of neighbours lead from one word to the other; `max` + 1 when more
 * than `max`. */
int search_distance(struct str a, struct str b, int max);

#endif
