-- name: mail_insert :one
-- :recipient text
-- :recipient_hash text
-- :lang text
-- :purpose text
-- :subject text
-- :body text
-- :reply_to text?
-- :secret_of int?
-- :now int
-- :erase_at int
INSERT INTO mail (recipient, recipient_hash, lang, purpose, subject, body, reply_to, secret_of, state, created_at, erase_at)
VALUES (:recipient, :recipient_hash, :lang, :purpose, :subject, :body, :reply_to, :secret_of, 0, :now, :erase_at)
RETURNING id;

-- name: mail_bounces :one
-- :recipient_hash text
SELECT count(*) AS total_int FROM mail WHERE recipient_hash = :recipient_hash AND state = 4;

-- name: mail_waiting :many
-- row: mail_row
-- :after int
SELECT id, recipient, lang, purpose, subject, body, reply_to, secret_of, state, attempts, error, created_at, sent_at
  FROM mail WHERE state = 0 AND id > :after ORDER BY id LIMIT 50;

-- name: mail_newest :many
-- row: mail_row
-- :before int
SELECT id, recipient, lang, purpose, subject, body, reply_to, secret_of, state, attempts, error, created_at, sent_at
  FROM mail WHERE id < :before ORDER BY id DESC LIMIT 50;

-- name: mail_by_id :one
-- row: mail_row
-- :id int
SELECT id, recipient, lang, purpose, subject, body, reply_to, secret_of, state, attempts, error, created_at, sent_at
  FROM mail WHERE id = :id;

-- name: mail_set_state :exec
-- :id int
-- :state int
-- :error text?
-- :sent_at int?
-- :attempts int
UPDATE mail SET state = :state, error = :error, sent_at = :sent_at, attempts = :attempts WHERE id = :id;

-- name: mail_keep_waiting :exec
UPDATE mail SET state = 3 WHERE state = 0;

-- name: mail_requeue_all :count
UPDATE mail SET state = 0, attempts = 0 WHERE state = 3;

-- name: mail_requeue :count
-- :id int
UPDATE mail SET state = 0, attempts = 0 WHERE id = :id AND state IN (2, 3);

-- name: mail_sent_since :one
-- :since int
SELECT count(*) AS total_int FROM mail WHERE state = 1 AND sent_at >= :since;

-- name: mail_mark_bounced :count
-- :recipient_hash text
UPDATE mail SET state = 4 WHERE recipient_hash = :recipient_hash AND state = 1;

-- name: mail_erase :count
-- :now int
DELETE FROM mail WHERE erase_at <= :now;

-- name: mail_setting :one
SELECT value FROM setting WHERE name = 'smtp';

-- name: mail_setting_put :exec
-- :value text
-- :now int
INSERT INTO setting (name, value, at) VALUES ('smtp', :value, :now)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at;

-- name: mail_with :many
-- :after int
-- :max int
-- scan: mails of a month at most; asked for by hand
SELECT id, recipient_hash, subject, body, reply_to FROM mail WHERE id > :after ORDER BY id LIMIT :max;

-- name: mail_remove :exec
-- :id int
DELETE FROM mail WHERE id = :id;
