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
