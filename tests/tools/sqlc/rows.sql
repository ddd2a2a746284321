-- name: q :exec
SELECT id FROM event;
