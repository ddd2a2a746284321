-- name: q :one
-- :slug text

SELECT id,
       titel FROM event WHERE slug = :slug;
