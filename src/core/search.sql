-- The index of words. Both engines are given the same folded words.

-- name: search_row_put :exec
-- :id int
-- :kind text
-- :a text
-- :b text
-- :c text
-- only: sqlite
INSERT INTO search (rowid, a, b, c, kind) VALUES (:id, :a, :b, :c, :kind);

-- name: search_row_put :exec
-- :id int
-- :kind text
-- :a text
-- :b text
-- :c text
-- only: pg
INSERT INTO search (id, kind, words)
VALUES (:id, :kind, setweight(to_tsvector('simple', :a), 'A') || setweight(to_tsvector('simple', :b), 'B')
                    || setweight(to_tsvector('simple', :c), 'C'));

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
-- :kind text
-- :max int
-- scan: the index of words is what is read
-- only: sqlite
SELECT rowid AS id FROM search
 WHERE search MATCH :q AND (:kind = '' OR kind = :kind)
 ORDER BY bm25(search, 10.0, 4.0, 1.0), rowid LIMIT :max;

-- name: search_rows :many
-- :q text
-- :kind text
-- :max int
-- > id int
-- only: pg
SELECT id FROM search
 WHERE words @@ to_tsquery('simple', :q) AND (:kind = '' OR kind = :kind)
 ORDER BY ts_rank('{0, 0.1, 0.4, 1}', words, to_tsquery('simple', :q)) DESC, id LIMIT :max;
