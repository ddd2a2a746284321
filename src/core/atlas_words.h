/* Keys of place names, inside the atlas: the same rules as tools/atlas/fold.mjs. */
#ifndef CORE_ATLAS_WORDS_H
#define CORE_ATLAS_WORDS_H

#include "../base/mem.h"
#include "../base/str.h"

/* The words of a name, folded, one space between them, none replaced. */
struct str atlas_words(struct mem *m, struct str name);
/* The key of words: "st" is "saint" and so on. The last word stays as it is when `open`, as someone may still be typing it. */
struct str atlas_words_key(struct mem *m, struct str words, bool open);
/* The key without the article it begins with; the same when there is none. */
struct str atlas_bare(struct str key);
/* True for a word of ASCII digits only. */
bool atlas_is_number(struct str word);

#endif
