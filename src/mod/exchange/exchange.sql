-- Imports and what they reported.

-- name: import_run_add :one
-- :kind text
-- :format text
-- :source text
-- :account int
-- :started_at int
INSERT INTO import_run (kind, format, source, account, started_at)
VALUES (:kind, :format, :source, :account, :started_at)
RETURNING id;

-- name: import_run_set :exec
-- :id int
-- :state int
-- :ended_at int?
-- :n_read int
-- :n_created int
-- :n_updated int
-- :n_unchanged int
-- :n_rejected int
UPDATE import_run
   SET state = :state, ended_at = :ended_at, n_read = :n_read, n_created = :n_created, n_updated = :n_updated,
       n_unchanged = :n_unchanged, n_rejected = :n_rejected
 WHERE id = :id;

-- name: import_run_by_id :one
-- :id int
SELECT id, kind, format, source, account, started_at, ended_at AS ended_at_maybe, state, n_read, n_created, n_updated,
       n_unchanged, n_rejected
  FROM import_run
 WHERE id = :id;

-- name: import_runs :many
-- :max int
SELECT id, kind, format, source, account, started_at, ended_at AS ended_at_maybe, state, n_read, n_created, n_updated,
       n_unchanged, n_rejected
  FROM import_run
 ORDER BY started_at DESC, id DESC LIMIT :max;

-- name: import_run_state :exec
-- :id int
-- :state int
UPDATE import_run SET state = :state WHERE id = :id;

-- name: import_line_add :exec
-- :run int
-- :seq int
-- :line int
-- :outcome text
-- :field text
-- :reason text
INSERT INTO import_line (run, seq, line, outcome, field, reason) VALUES (:run, :seq, :line, :outcome, :field, :reason);

-- name: import_lines :many
-- :run int
-- :after int
-- :max int
SELECT seq, line, outcome, field, reason FROM import_line
 WHERE run = :run AND seq > :after
 ORDER BY seq LIMIT :max;

-- name: import_object_by_source :one
-- :source text
-- :source_key text
SELECT id FROM object WHERE source = :source AND source_key = :source_key;

-- name: import_last_version :one
-- :object int
SELECT version FROM revision
 WHERE object = :object AND import_run IS NOT NULL
 ORDER BY version DESC LIMIT 1;

-- name: territory_point_put :exec
-- :code text
-- :lat real
-- :lon real
INSERT INTO territory_point (code, lat, lon) VALUES (:code, :lat, :lon)
ON CONFLICT (code) DO UPDATE SET lat = excluded.lat, lon = excluded.lon;

-- name: territory_points :each
-- scan: all of them, once, at start
SELECT code, lat, lon FROM territory_point;
