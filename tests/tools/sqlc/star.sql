-- name: q :many
SELECT * FROM event LIMIT 1;
