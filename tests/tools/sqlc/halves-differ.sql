-- name: q1 :one
-- only: sqlite
SELECT id FROM event LIMIT 1;
-- name: q1 :one
-- only: pg
-- > slug text
SELECT slug FROM event LIMIT 1;
