-- name: q :one
SELECT max(id, starts_at) AS top_int FROM event LIMIT 1;
