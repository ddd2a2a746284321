-- What the index of places in memory is made from.

-- name: points_all :each
-- scan: the index is made from every place, once
SELECT p.object, p.pos, p.lat, p.lon, p.precision, o.published_at AS published_at_maybe, o.updated_at, o.terms
  FROM object_place AS p JOIN object AS o ON o.id = p.object
 WHERE o.status = 2
 ORDER BY p.object;

-- name: points_of_object :many
-- :object int
SELECT p.object, p.pos, p.lat, p.lon, p.precision, o.published_at AS published_at_maybe, o.updated_at, o.terms
  FROM object_place AS p JOIN object AS o ON o.id = p.object
 WHERE p.object = :object AND o.status = 2
 ORDER BY p.pos LIMIT 100;

-- name: points_count :one
-- scan: counts every place, before the index is made
SELECT count(*) AS places_int FROM object_place;

-- name: points_stamp :one
-- scan: reads the first and the last row of the primary key
SELECT coalesce((SELECT seq FROM object_change ORDER BY seq LIMIT 1), 0) AS first_int,
       coalesce((SELECT seq FROM object_change ORDER BY seq DESC LIMIT 1), 0) AS last_int,
       coalesce((SELECT version FROM data_version WHERE name = 'public'), 0) AS version_int;
