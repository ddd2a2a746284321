-- name: q :one
SELECT title->>'x' AS x_text FROM event LIMIT 1;
