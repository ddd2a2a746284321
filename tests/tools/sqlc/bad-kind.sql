-- name: q :some
SELECT id FROM event LIMIT 1;
