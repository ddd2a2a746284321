-- What the index of places in memory is made from.

-- Objects without a place too: they are counted, and stand in no box.
-- name: points_all :each
-- scan: the index is made from every object, once
SELECT o.id AS object, p.pos AS pos_maybe, p.lat AS lat_maybe, p.lon AS lon_maybe, p.precision AS precision_maybe,
       o.published_at AS published_at_maybe, o.updated_at, o.terms
  FROM object AS o LEFT JOIN object_place AS p ON p.object = o.id
 WHERE o.status = 2
 ORDER BY o.id;

-- name: points_of_object :many
-- :object int
SELECT o.id AS object, p.pos AS pos_maybe, p.lat AS lat_maybe, p.lon AS lon_maybe, p.precision AS precision_maybe,
       o.published_at AS published_at_maybe, o.updated_at, o.terms
  FROM object AS o LEFT JOIN object_place AS p ON p.object = o.id
 WHERE o.id = :object AND o.status = 2
 ORDER BY p.pos LIMIT 100;

-- name: points_count :one
-- scan: counts every place, before the index is made
SELECT (SELECT count(*) FROM object_place)
       + (SELECT count(*) FROM object AS o WHERE o.status = 2 AND NOT EXISTS (SELECT 1 FROM object_place AS p WHERE p.object = o.id))
       AS places_int;

-- name: points_stamp :one
-- scan: reads the first and the last row of the primary key
SELECT coalesce((SELECT seq FROM object_change ORDER BY seq LIMIT 1), 0) AS first_int,
       coalesce((SELECT seq FROM object_change ORDER BY seq DESC LIMIT 1), 0) AS last_int,
       coalesce((SELECT version FROM data_version WHERE name = 'public'), 0) AS version_int;
