-- name: q :one
SELECT e.id, p.id FROM event AS e JOIN place AS p ON p.id = e.place_id LIMIT 1;
