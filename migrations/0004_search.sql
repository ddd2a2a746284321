-- The words that published objects are found by: folded, with stems, the same on both engines. Tokens stand apart by spaces
-- and hold letters, digits and marks of ours only (core/search_text.h), so that no tokenizer has an opinion on them.
-- a: of names, b: of summaries and keywords, c: of the rest, k: the terms it is listed under.

-- only: sqlite
CREATE VIRTUAL TABLE search USING fts5(a, b, c, k, tokenize = 'ascii', detail = column);

-- only: pg
CREATE TABLE search (
	id {pk},
	a TEXT NOT NULL,
	b TEXT NOT NULL,
	c TEXT NOT NULL,
	k TEXT NOT NULL,
	words tsvector NOT NULL
) {strict};
-- only: pg
CREATE INDEX search_words ON search USING gin (words);

-- Words as people wrote them, folded, in how many published objects: for beginnings of words and slips of the finger.
CREATE TABLE search_word (
	word TEXT NOT NULL PRIMARY KEY,
	back TEXT NOT NULL,          -- its letters from the last to the first
	uses {int} NOT NULL
) {norowid};
CREATE INDEX search_word_back ON search_word (back, word);
