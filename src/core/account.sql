-- name: account_insert :one
-- :mail text
-- :mail_hash text
-- :name text
-- :lang text
-- :role int
-- :now int
INSERT INTO account (mail, mail_hash, name, lang, role, created_at) VALUES (:mail, :mail_hash, :name, :lang, :role, :now)
RETURNING id;

-- name: account_row_by_id :one
-- row: account_row
-- :id int
SELECT id, mail, name, lang, role, password, totp, totp_step, created_at, seen_day, closed FROM account WHERE id = :id;

-- name: account_row_by_hash :one
-- row: account_row
-- :mail_hash text
SELECT id, mail, name, lang, role, password, totp, totp_step, created_at, seen_day, closed FROM account
 WHERE mail_hash = :mail_hash AND closed = 0;

-- name: account_rows :many
-- row: account_row
-- :after int
SELECT id, mail, name, lang, role, password, totp, totp_step, created_at, seen_day, closed FROM account
 WHERE id > :after AND closed = 0 ORDER BY id LIMIT 100;

-- name: account_admins :one
-- scan: a site has few accounts, and this is asked at start and when an administrator leaves
SELECT count(*) AS total_int FROM account WHERE role = 4 AND closed = 0;

-- name: account_put_role :count
-- :id int
-- :role int
UPDATE account SET role = :role WHERE id = :id AND closed = 0;

-- name: account_put_profile :exec
-- :id int
-- :name text
-- :lang text
UPDATE account SET name = :name, lang = :lang WHERE id = :id;

-- name: account_put_password :exec
-- :id int
-- :password text?
UPDATE account SET password = :password WHERE id = :id;

-- name: account_put_totp :exec
-- :id int
-- :totp text?
-- :step int
UPDATE account SET totp = :totp, totp_step = :step WHERE id = :id;

-- name: account_use_totp :count
-- :id int
-- :step int
UPDATE account SET totp_step = :step WHERE id = :id AND totp_step < :step;

-- name: account_put_seen :exec
-- :id int
-- :day int
UPDATE account SET seen_day = :day WHERE id = :id AND seen_day <> :day;

-- name: account_erase :exec
-- :id int
UPDATE account SET closed = 1, mail = '', mail_hash = 'closed ' || CAST(id AS TEXT), name = '', password = NULL, totp = NULL
 WHERE id = :id;

-- name: account_erase_sessions :exec
-- :id int
DELETE FROM session WHERE account = :id;

-- name: account_erase_tokens :exec
-- :id int
DELETE FROM api_token WHERE account = :id;

-- name: account_erase_scope :exec
-- :id int
DELETE FROM account_scope WHERE account = :id;

-- name: account_erase_objects :exec
-- :id int
DELETE FROM account_object WHERE account = :id;

-- name: account_clear_scope :exec
-- :id int
-- :kind text
DELETE FROM account_scope WHERE account = :id AND kind = :kind;

-- name: account_add_scope :exec
-- :id int
-- :kind text
-- :value text
INSERT INTO account_scope (account, kind, value) VALUES (:id, :kind, :value) ON CONFLICT DO NOTHING;

-- name: account_scopes :many
-- :id int
-- :kind text
SELECT value FROM account_scope WHERE account = :id AND kind = :kind ORDER BY value LIMIT 200;

-- name: account_add_object :exec
-- :id int
-- :object int
-- :now int
INSERT INTO account_object (account, object, since) VALUES (:id, :object, :now) ON CONFLICT DO NOTHING;

-- name: account_drop_object :exec
-- :id int
-- :object int
DELETE FROM account_object WHERE account = :id AND object = :object;

-- name: account_has_object :one
-- :id int
-- :object int
SELECT since FROM account_object WHERE account = :id AND object = :object;

-- name: once_insert :exec
-- :token text
-- :purpose text
-- :account int
-- :expires_at int
INSERT INTO once (token, purpose, account, expires_at) VALUES (:token, :purpose, :account, :expires_at);

-- name: once_find :one
-- :token text
-- :purpose text
-- :now int
SELECT account FROM once WHERE token = :token AND purpose = :purpose AND expires_at > :now;

-- name: once_delete :count
-- :token text
DELETE FROM once WHERE token = :token;

-- name: once_purge :exec
-- :now int
DELETE FROM once WHERE expires_at <= :now;

-- name: session_insert :exec
-- :token text
-- :account int
-- :now int
-- :hour int
-- :expires_at int
-- :second_factor int
-- :label text
INSERT INTO session (token, account, created_at, seen_at, expires_at, second_factor, label)
VALUES (:token, :account, :now, :hour, :expires_at, :second_factor, :label);

-- name: session_find :one
-- :token text
-- :now int
SELECT s.account, s.second_factor, s.seen_at, a.role, a.name, a.totp
  FROM session AS s JOIN account AS a ON a.id = s.account
 WHERE s.token = :token AND s.expires_at > :now AND a.closed = 0;

-- name: session_rows :many
-- :account int
-- :now int
SELECT token, label, created_at, seen_at, second_factor FROM session
 WHERE account = :account AND expires_at > :now ORDER BY created_at DESC LIMIT 100;

-- name: session_touch :exec
-- :token text
-- :hour int
UPDATE session SET seen_at = :hour WHERE token = :token AND seen_at < :hour;

-- name: session_delete :count
-- :account int
-- :token text
DELETE FROM session WHERE account = :account AND token = :token;

-- name: session_delete_others :exec
-- :account int
-- :keep text
DELETE FROM session WHERE account = :account AND token <> :keep;

-- name: session_put_second_factor :exec
-- :token text
UPDATE session SET second_factor = 1 WHERE token = :token;

-- name: session_purge :exec
-- :now int
DELETE FROM session WHERE expires_at <= :now;

-- name: api_token_insert :exec
-- :token text
-- :account int
-- :label text
-- :now int
INSERT INTO api_token (token, account, label, created_at) VALUES (:token, :account, :label, :now);

-- name: api_token_find :one
-- :token text
SELECT t.account, a.role, a.name FROM api_token AS t JOIN account AS a ON a.id = t.account
 WHERE t.token = :token AND a.closed = 0;

-- name: api_token_rows :many
-- :account int
SELECT token, label, created_at FROM api_token WHERE account = :account ORDER BY created_at DESC LIMIT 100;

-- name: api_token_delete :count
-- :account int
-- :token text
DELETE FROM api_token WHERE account = :account AND token = :token;

-- name: account_add_recovery :exec
-- :id int
-- :code text
INSERT INTO account_recovery (account, code) VALUES (:id, :code) ON CONFLICT DO NOTHING;

-- name: account_use_recovery :count
-- :id int
-- :code text
DELETE FROM account_recovery WHERE account = :id AND code = :code;

-- name: account_count_recovery :one
-- :id int
SELECT count(*) AS total_int FROM account_recovery WHERE account = :id;

-- name: account_erase_recovery :exec
-- :id int
DELETE FROM account_recovery WHERE account = :id;

-- Nobody came in since a day; administrators stay, or nobody could let anybody in.
-- name: account_unused :many
-- :after int
-- :day int
-- :made_before int
SELECT id, mail, name, lang, seen_day, created_at, warned_day FROM account
 WHERE id > :after AND closed = 0 AND role < 4 AND seen_day <= :day AND created_at <= :made_before ORDER BY id LIMIT 100;

-- name: account_put_warned :exec
-- :id int
-- :day int
UPDATE account SET warned_day = :day WHERE id = :id;
