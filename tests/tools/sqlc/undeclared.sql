-- name: q :one
SELECT id FROM event WHERE id = :id;
