-- The words that published objects are found by, folded. The one place with a table for each engine.

-- only: sqlite
CREATE VIRTUAL TABLE search USING fts5(a, b, c, kind UNINDEXED, tokenize = 'unicode61', prefix = '2 3');

-- only: pg
CREATE TABLE search (
	id {pk},
	kind TEXT NOT NULL,
	words tsvector NOT NULL
) {strict};
-- only: pg
CREATE INDEX search_words ON search USING gin (words);
