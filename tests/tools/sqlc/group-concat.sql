-- name: q :one
SELECT group_concat(slug) AS all_text FROM event;
