-- The index of words. Both engines are given the same tokens; see migrations/0004_search.sql.

-- PostgreSQL is given the tokens as a vector, of which SQLite takes nothing. VALUES and not SELECT: what may write several
-- rows is a savepoint to SQLite, at which its index of words writes out all that it gathered, and a row costs ten times more.
-- name: search_row_put :exec
-- :id int
-- :a text
-- :b text
-- :c text
-- :k text
-- :words text
-- only: sqlite
INSERT INTO search (rowid, a, b, c, k) VALUES (:id, :a, :b, :c, :k || substr(:words, 1, 0));

-- name: search_row_put :exec
-- :id int
-- :a text
-- :b text
-- :c text
-- :k text
-- :words text
-- only: pg
INSERT INTO search (id, a, b, c, k, words) VALUES (:id, :a, :b, :c, :k, CAST(:words AS tsvector));

-- name: search_row_get :one
-- :id int
-- > a text
-- > b text
-- > c text
-- only: sqlite
SELECT a, b, c FROM search WHERE rowid = :id;

-- name: search_row_get :one
-- :id int
-- > a text
-- > b text
-- > c text
-- only: pg
SELECT a, b, c FROM search WHERE id = :id;

-- name: search_row_remove :exec
-- :id int
-- only: sqlite
DELETE FROM search WHERE rowid = :id;

-- name: search_row_remove :exec
-- :id int
-- only: pg
DELETE FROM search WHERE id = :id;

-- name: search_rows :many
-- :q text
-- :max int
-- scan: the index of words is what is read
-- only: sqlite
SELECT rowid AS id FROM search WHERE search MATCH :q ORDER BY rowid LIMIT :max;

-- name: search_rows :many
-- :q text
-- :max int
-- > id int
-- only: pg
SELECT id FROM search WHERE words @@ CAST(:q AS tsquery) ORDER BY id LIMIT :max;

-- name: search_word_add :exec
-- :word text
-- :back text
-- :uses int
INSERT INTO search_word (word, back, uses) VALUES (:word, :back, :uses)
    ON CONFLICT (word) DO UPDATE SET uses = search_word.uses + excluded.uses;

-- name: search_word_clean :exec
-- :word text
DELETE FROM search_word WHERE word = :word AND uses <= 0;

-- name: search_word_get :one
-- :word text
SELECT uses FROM search_word WHERE word = :word;

-- The words of a range, the first so many of them.
-- name: search_words_from :many
-- :low text
-- :high text
-- :max int
-- row: search_word_near
SELECT word, uses FROM search_word WHERE word >= :low AND word < :high ORDER BY word LIMIT :max;

-- name: search_words_back :many
-- :low text
-- :high text
-- :max int
-- row: search_word_near
SELECT word, uses FROM search_word WHERE back >= :low AND back < :high ORDER BY back LIMIT :max;

-- name: search_terms_of :one
-- :id int
SELECT kind, terms FROM object WHERE id = :id AND status = 2;
