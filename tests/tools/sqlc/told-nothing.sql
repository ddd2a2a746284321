-- name: q :one
-- > nothing int
SELECT id FROM event LIMIT 1;
