-- name: q :one
-- :default int
SELECT id FROM event WHERE id = :default;
