-- name: q :many
-- only: sqlite
SELECT t FROM fts LIMIT 1;
