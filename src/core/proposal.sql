-- The queue of proposals.

-- name: proposal_add :one
-- :type int
-- :object int
-- :kind text
-- :changes text?
-- :base_version int
-- :note text?
-- :mail text?
-- :name text?
-- :lang text
-- :account int
-- :token text?
-- :territory text?
-- :themes text
-- :created_at int
INSERT INTO proposal (type, object, kind, changes, base_version, note, mail, name, lang, account, token, territory, themes, created_at)
VALUES (:type, :object, :kind, :changes, :base_version, :note, :mail, :name, :lang, :account, :token, :territory, :themes, :created_at)
RETURNING id;

-- name: proposal_row_by_id :one
-- :id int
-- row: proposal_row
SELECT id, type, object, kind, changes, base_version, note, mail, name, lang, account, confirmed_at AS confirmed_at_maybe, territory,
       themes, state, created_at, decided_at AS decided_at_maybe, decided_by, reason, accepted
  FROM proposal
 WHERE id = :id;

-- name: proposal_row_by_token :one
-- :token text
-- row: proposal_row
SELECT id, type, object, kind, changes, base_version, note, mail, name, lang, account, confirmed_at AS confirmed_at_maybe, territory,
       themes, state, created_at, decided_at AS decided_at_maybe, decided_by, reason, accepted
  FROM proposal
 WHERE token = :token;

-- name: proposal_rows_open :many
-- :after_at int
-- :after_id int
-- :max int
-- row: proposal_row
SELECT id, type, object, kind, changes, base_version, note, mail, name, lang, account, confirmed_at AS confirmed_at_maybe, territory,
       themes, state, created_at, decided_at AS decided_at_maybe, decided_by, reason, accepted
  FROM proposal
 WHERE state = 0 AND (created_at, id) > (:after_at, :after_id)
 ORDER BY created_at, id LIMIT :max;

-- name: proposal_rows_of :many
-- :object int
-- :max int
-- row: proposal_row
SELECT id, type, object, kind, changes, base_version, note, mail, name, lang, account, confirmed_at AS confirmed_at_maybe, territory,
       themes, state, created_at, decided_at AS decided_at_maybe, decided_by, reason, accepted
  FROM proposal
 WHERE object = :object
 ORDER BY id DESC LIMIT :max;

-- name: proposal_decide :count
-- :id int
-- :state int
-- :at int
-- :account int
-- :reason text?
-- :accepted text
UPDATE proposal SET state = :state, decided_at = :at, decided_by = :account, reason = :reason, accepted = :accepted
 WHERE id = :id AND state = 0;

-- name: proposal_confirmed :exec
-- :id int
-- :at int
UPDATE proposal SET confirmed_at = :at WHERE id = :id AND confirmed_at IS NULL;

-- name: proposal_erase :count
-- :below int
UPDATE proposal SET mail = NULL, name = NULL, note = NULL, token = NULL WHERE mail IS NOT NULL AND decided_at < :below;

-- name: proposal_erase_rest :count
-- :below int
-- scan: once a day; those without mail address may hold a name or a message
UPDATE proposal SET name = NULL, note = NULL, token = NULL
 WHERE decided_at < :below AND (name IS NOT NULL OR note IS NOT NULL OR token IS NOT NULL);

-- name: proposal_rows_all :many
-- :after int
-- :max int
-- row: proposal_row
SELECT id, type, object, kind, changes, base_version, note, mail, name, lang, account, confirmed_at AS confirmed_at_maybe, territory,
       themes, state, created_at, decided_at AS decided_at_maybe, decided_by, reason, accepted
  FROM proposal
 WHERE id > :after
 ORDER BY id LIMIT :max;

-- name: proposal_forget_row :exec
-- :id int
-- :changes text?
UPDATE proposal SET mail = NULL, name = NULL, note = NULL, token = NULL, reason = NULL, changes = :changes WHERE id = :id;

-- name: object_editor_add :exec
-- :account int
-- :object int
-- :since int
INSERT INTO account_object (account, object, since) VALUES (:account, :object, :since) ON CONFLICT DO NOTHING;
