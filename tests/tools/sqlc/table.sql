-- name: q :exec
DELETE FROM evnt;
