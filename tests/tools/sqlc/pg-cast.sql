-- name: q :one
-- :id int
SELECT id FROM event WHERE id = :id::bigint;
