-- The queries of events.

-- One event by its address.
-- name: event_by_slug :one
-- :slug text
-- row: event_row
SELECT e.id, e.title, e.starts_at, e.place_id, p.name AS place_name, p.lat AS lat_maybe
  FROM event AS e LEFT JOIN place AS p ON p.id = e.place_id
 WHERE e.slug = :slug;

-- name: events_after :many
-- :t int
-- :n_max int
-- row: event_row
SELECT e.id, e.title, e.starts_at, e.place_id, p.name AS place_name, p.lat AS lat_maybe
  FROM event AS e LEFT JOIN place AS p ON p.id = e.place_id
 WHERE e.starts_at > :t OR (:t = 0 AND e.title <> 'x:y') ORDER BY e.starts_at LIMIT :n_max;

-- name: events_all :each
-- scan: an export reads all
SELECT id, slug, body, (SELECT max(lat) FROM place) AS top_real_maybe FROM event ORDER BY id;

-- name: event_count :one
SELECT count(*) AS total_int FROM event;

-- name: event_add :one
-- :slug text
-- :title text
-- :starts_at int
-- :place_id int?
INSERT INTO event (slug, title, starts_at, place_id) VALUES (:slug, :title, :starts_at, :place_id) RETURNING id;

-- name: event_move :count
-- :id int
-- :starts_at int
UPDATE event SET starts_at = :starts_at WHERE id = :id;

-- name: event_big :exec
-- :a text
-- :b text
-- :c int?
-- :d real?
-- :e_ blob
-- :f int
INSERT INTO event (slug, title, starts_at) SELECT :a, :b, :f WHERE :c IS NULL OR :d > 1 OR :e_ IS NULL
ON CONFLICT (slug) DO UPDATE SET title = excluded.title;

-- name: find_events :many
-- only: sqlite
-- :q text
-- > t text
SELECT t FROM fts WHERE fts MATCH :q LIMIT 10;
-- name: find_events :many
-- only: pg
-- :q text
-- > t text
SELECT title AS t FROM event WHERE to_tsvector(title) @@ to_tsquery(:q) LIMIT 10 {skip_locked};
