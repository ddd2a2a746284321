-- Live sources.

-- name: source_add :one
-- :name text
-- :url text
-- :kind text
-- :options text
-- :trusted int
-- :every_hours int
-- :misses_max int
-- :account int
-- :now int
INSERT INTO source (name, url, kind, options, trusted, every_hours, misses_max, account, created_at, next_at)
VALUES (:name, :url, :kind, :options, :trusted, :every_hours, :misses_max, :account, :now, :now)
RETURNING id;

-- name: source_by_id :one
-- :id int
SELECT id, name, url, kind, options, trusted, every_hours, misses_max, account, next_at, fetched_at AS fetched_at_maybe, etag,
       modified, error, run AS run_maybe
  FROM source WHERE id = :id;

-- name: sources_all :many
-- scan: an administrator's short list
SELECT id, name, url, kind, trusted, every_hours, misses_max, next_at, fetched_at AS fetched_at_maybe, error, run AS run_maybe
  FROM source ORDER BY id LIMIT 500;

-- name: sources_due :many
-- :now int
SELECT id FROM source WHERE next_at <= :now ORDER BY next_at, id LIMIT 20;

-- name: source_fetched :exec
-- :id int
-- :next_at int
-- :fetched_at int
-- :etag text?
-- :modified text?
-- :error text?
-- :run int?
UPDATE source SET next_at = :next_at, fetched_at = :fetched_at, etag = :etag, modified = :modified, error = :error, run = :run
 WHERE id = :id;

-- name: source_soon :exec
-- :id int
-- :now int
UPDATE source SET next_at = :now, etag = NULL, modified = NULL WHERE id = :id;

-- name: source_trust :exec
-- :id int
-- :trusted int
UPDATE source SET trusted = :trusted WHERE id = :id;

-- name: source_drop :exec
-- :id int
DELETE FROM source WHERE id = :id;

-- name: source_drop_objects :exec
-- :id int
DELETE FROM source_object WHERE source = :id;

-- name: source_seen :exec
-- :source int
-- :object int
-- :now int
INSERT INTO source_object (source, object, misses, seen_at) VALUES (:source, :object, 0, :now)
ON CONFLICT (source, object) DO UPDATE SET misses = 0, seen_at = excluded.seen_at;

-- name: source_missed :exec
-- :source int
-- :now int
UPDATE source_object SET misses = misses + 1 WHERE source = :source AND seen_at < :now;

-- name: source_gone :many
-- :source int
-- :max int
SELECT object FROM source_object WHERE source = :source AND misses >= :max ORDER BY object LIMIT 5000;

-- name: source_forget :exec
-- :source int
-- :object int
DELETE FROM source_object WHERE source = :source AND object = :object;
