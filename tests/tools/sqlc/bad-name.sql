-- name: Q1 :one
SELECT id FROM event LIMIT 1;
