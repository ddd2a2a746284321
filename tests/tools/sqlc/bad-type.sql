-- name: q :one
-- :id integer
SELECT id FROM event WHERE id = :id;
