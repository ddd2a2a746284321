-- name: q :one
-- only: mysql
SELECT id FROM event LIMIT 1;
