-- name: q :one
-- :id int
-- :id text
SELECT id FROM event WHERE id = :id;
