-- name: q :one
SELECT id FROM event LIMIT 1;
-- name: q :one
SELECT id FROM event LIMIT 1;
