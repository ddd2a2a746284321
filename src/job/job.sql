-- name: job_insert :exec
-- :kind text
-- :payload text
-- :key text?
-- :due_at int
-- :now int
INSERT INTO job (kind, payload, key, due_at, created_at) VALUES (:kind, :payload, :key, :due_at, :now)
ON CONFLICT (key) DO NOTHING;

-- name: job_claim :one
-- :now int
-- :lease int
UPDATE job SET due_at = :lease, attempts = attempts + 1
 WHERE id = (SELECT id FROM job WHERE failed = 0 AND due_at <= :now ORDER BY due_at, id LIMIT 1 {skip_locked})
   AND failed = 0 AND due_at <= :now
RETURNING id, kind, payload, attempts;

-- name: job_extend :count
-- :id int
-- :held int
-- :until int
UPDATE job SET due_at = :until WHERE id = :id AND due_at = :held AND failed = 0;

-- name: job_done :exec
-- :id int
DELETE FROM job WHERE id = :id;

-- name: job_again :exec
-- :id int
-- :due_at int
-- :error text?
-- :attempts int
UPDATE job SET due_at = :due_at, error = :error, attempts = :attempts WHERE id = :id;

-- name: job_give_up :exec
-- :id int
-- :error text?
UPDATE job SET failed = 1, error = :error, key = NULL WHERE id = :id;

-- name: job_failures :many
-- row: job_failure
SELECT id, kind, attempts, error, created_at FROM job WHERE failed = 1 ORDER BY created_at DESC LIMIT 100;

-- name: job_retry :count
-- :id int
-- :now int
UPDATE job SET failed = 0, attempts = 0, due_at = :now WHERE id = :id AND failed = 1;

-- name: job_waiting :one
-- :now int
-- scan: reads the index of due jobs; a queue is short
SELECT count(*) AS waiting_int FROM job WHERE failed = 0 AND due_at <= :now;

-- name: job_next :many
SELECT id, kind, due_at, attempts, error FROM job WHERE failed = 0 ORDER BY due_at, id LIMIT 50;
