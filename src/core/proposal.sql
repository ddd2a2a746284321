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
UPDATE proposal SET mail = NULL, name = NULL, token = NULL WHERE mail IS NOT NULL AND decided_at < :below;

-- name: object_editor_add :exec
-- :account int
-- :object int
-- :since int
INSERT INTO account_object (account, object, since) VALUES (:account, :object, :since) ON CONFLICT DO NOTHING;
