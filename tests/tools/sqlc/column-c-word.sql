-- name: q :one
SELECT id AS switch FROM event LIMIT 1;
