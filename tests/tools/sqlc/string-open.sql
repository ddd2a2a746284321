-- name: q :one
SELECT 'x AS y_text FROM event LIMIT 1;
