-- name: q :one
-- :id int
SELECT id FROM event LIMIT 1;
