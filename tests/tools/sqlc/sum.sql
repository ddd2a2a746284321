-- name: q :one
SELECT sum(starts_at) AS s_int_maybe FROM event;
