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

-- name: import_links_open :many
-- :from_id int
-- :pos int
-- :max int
SELECT from_id, pos, to_text FROM object_link
 WHERE to_id IS NULL AND (from_id, pos) > (:from_id, :pos)
 ORDER BY from_id, pos LIMIT :max;

-- name: territory_point_put :exec
-- :code text
-- :lat real
-- :lon real
INSERT INTO territory_point (code, lat, lon) VALUES (:code, :lat, :lon)
ON CONFLICT (code) DO UPDATE SET lat = excluded.lat, lon = excluded.lon;

-- name: territory_points :each
-- scan: all of them, once, at start
SELECT code, lat, lon FROM territory_point;

-- name: import_file_add :one
-- :path text
-- :name text
-- :kind text
-- :size int
-- :account int
-- :created_at int
-- :options text
INSERT INTO import_file (path, name, kind, size, account, created_at, options)
VALUES (:path, :name, :kind, :size, :account, :created_at, :options)
RETURNING id;

-- name: import_file_by_id :one
-- :id int
SELECT id, path, name, kind, size, account, created_at, options, run AS run_maybe FROM import_file WHERE id = :id;

-- name: import_file_options :exec
-- :id int
-- :options text
UPDATE import_file SET options = :options WHERE id = :id;

-- name: import_file_run :exec
-- :id int
-- :run int
UPDATE import_file SET run = :run WHERE id = :id;

-- name: import_file_drop :exec
-- :id int
DELETE FROM import_file WHERE id = :id;

-- name: import_files_old :many
-- :before int
-- :max int
-- scan: a handful of files, once a day
SELECT id, path FROM import_file WHERE created_at < :before ORDER BY id LIMIT :max;

-- name: territory_point_count :one
-- scan: counted for one page of the administrator
SELECT count(*) AS total_int FROM territory_point;
