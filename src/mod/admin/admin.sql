-- name: admin_objects_waiting :one
SELECT count(*) AS total_int FROM object WHERE status <> 2 AND status = 1;

-- name: admin_proposals_open :one
SELECT count(*) AS total_int FROM proposal WHERE state = 0;

-- name: admin_mail_in_state :one
-- :state int
SELECT count(*) AS total_int FROM mail WHERE state = :state;

-- name: admin_jobs_failed :one
SELECT count(*) AS total_int FROM job WHERE failed = 1;
