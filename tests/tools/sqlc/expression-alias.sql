-- name: q :one
SELECT count(*) AS total FROM event;
