-- name: q :one
SELECT count(*) FROM event;
