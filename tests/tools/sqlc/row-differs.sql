-- name: q1 :one
-- row: r_row
SELECT id FROM event LIMIT 1;
-- name: q2 :one
-- row: r_row
SELECT id, slug FROM event LIMIT 1;
