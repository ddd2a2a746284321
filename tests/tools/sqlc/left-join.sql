-- name: q :one
SELECT e.id, p.lat FROM event AS e LEFT JOIN place AS p ON p.id = e.place_id LIMIT 1;
