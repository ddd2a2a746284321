-- name: q :one
DELETE FROM event;
