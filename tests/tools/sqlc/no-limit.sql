-- name: q :many
SELECT id FROM event ORDER BY id;
