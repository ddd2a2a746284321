-- Looking after what is kept: what nobody has confirmed, what must not stay, and what a person asks to be erased.

-- name: care_due :many
-- :kind text
-- :from_at int
-- :from_id int
-- :to_at int
-- :max int
SELECT id, checked_at, slug, title, territory
  FROM object
 WHERE kind = :kind AND status = 2 AND (checked_at, id) > (:from_at, :from_id) AND checked_at <= :to_at
 ORDER BY checked_at, id LIMIT :max;

-- name: care_gone :many
-- :status int
-- :from_at int
-- :from_id int
-- :to_at int
-- :max int
SELECT id, updated_at
  FROM object
 WHERE status = :status AND status <> 2 AND (updated_at, id) > (:from_at, :from_id) AND updated_at <= :to_at
 ORDER BY updated_at, id LIMIT :max;

-- name: care_revisions :many
-- :object int
-- :after int
-- :max int
SELECT id, version, before FROM revision
 WHERE object = :object AND version > :after AND before IS NOT NULL
 ORDER BY version LIMIT :max;

-- name: care_revision_put :exec
-- :id int
-- :before text
UPDATE revision SET before = :before WHERE id = :id;

-- name: care_notes_clear :exec
-- :object int
-- :lower text
-- :typed text
UPDATE revision SET note = NULL
 WHERE object = :object AND note IS NOT NULL AND (lower(note) LIKE :lower ESCAPE '!' OR note LIKE :typed ESCAPE '!');

-- name: care_last_object :one
SELECT coalesce(max(id), 0) AS last_int FROM object;

-- name: care_objects_with :many
-- :after int
-- :upto int
-- :lower text
-- :typed text
-- :max int
SELECT id FROM object
 WHERE id > :after AND id <= :upto AND (lower(doc) LIKE :lower ESCAPE '!' OR doc LIKE :typed ESCAPE '!')
 ORDER BY id LIMIT :max;

-- name: care_revisions_with :many
-- :after int
-- :upto int
-- :lower text
-- :typed text
-- :max int
SELECT DISTINCT object FROM revision
 WHERE object > :after AND object <= :upto AND before IS NOT NULL AND (lower(before) LIKE :lower ESCAPE '!' OR before LIKE :typed ESCAPE '!')
 ORDER BY object LIMIT :max;
