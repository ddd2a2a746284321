-- What the desk adds to the queue of proposals.

-- name: desk_note_set :exec
-- :id int
-- :note text
UPDATE proposal SET note = :note WHERE id = :id AND state = 0;

-- name: desk_reason_set :exec
-- :id int
-- :reason text?
UPDATE proposal SET reason = :reason WHERE id = :id AND state = 0;

-- Who a claim without account is for, once a person is known behind it.
-- name: desk_account_set :exec
-- :id int
-- :account int
UPDATE proposal SET account = :account WHERE id = :id;

-- What a merge decides by itself.
-- name: desk_settle :exec
-- :id int
-- :state int
-- :at int
-- :account int
UPDATE proposal SET state = :state, decided_at = :at, decided_by = :account WHERE id = :id AND state = 0;

-- Those who keep a page keep the one that it went into.
-- name: desk_editors_copy :exec
-- :object int
-- :at int
-- :gone int
INSERT INTO account_object (account, object, since)
SELECT account, CAST(:object AS BIGINT), CAST(:at AS BIGINT) FROM account_object WHERE object = :gone ON CONFLICT DO NOTHING;
