-- name: q :one
SELECT id FROM event LIMIT 1
