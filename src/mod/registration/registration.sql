-- Registrations, as registration.h tells.

-- name: reg_setup_row :one
-- :event int
SELECT event, mode, capacity, per_person, waiting, answer_hours, opens_at, closes_at, keep_days, needs, minors, questions,
       reminders, templates, link, link_version, link_hours, link_personal
  FROM reg_setup WHERE event = :event;

-- name: reg_setup_write :exec
-- :event int
-- :mode int
-- :capacity int?
-- :per_person int
-- :waiting int
-- :answer_hours int
-- :opens_at int?
-- :closes_at int?
-- :keep_days int
-- :needs int
-- :minors int
-- :questions text
-- :reminders text
-- :templates text
-- :now int
INSERT INTO reg_setup (event, mode, capacity, per_person, waiting, answer_hours, opens_at, closes_at, keep_days, needs, minors,
		       questions, reminders, templates, updated_at)
VALUES (:event, :mode, :capacity, :per_person, :waiting, :answer_hours, :opens_at, :closes_at, :keep_days, :needs, :minors,
	:questions, :reminders, :templates, :now)
ON CONFLICT (event) DO UPDATE SET mode = excluded.mode, capacity = excluded.capacity, per_person = excluded.per_person,
       waiting = excluded.waiting, answer_hours = excluded.answer_hours, opens_at = excluded.opens_at, closes_at = excluded.closes_at,
       keep_days = excluded.keep_days, needs = excluded.needs, minors = excluded.minors, questions = excluded.questions,
       reminders = excluded.reminders, templates = excluded.templates, updated_at = excluded.updated_at;

-- The text changes: whoever had another gets this one.
-- name: reg_link_write :count
-- :event int
-- :link text?
-- :hours int
-- :personal int
-- :now int
UPDATE reg_setup SET link = :link, link_version = link_version + 1, link_hours = :hours, link_personal = :personal,
       updated_at = :now
 WHERE event = :event;

-- name: reg_slot_row :one
-- row: reg_slot_row
-- :event int
-- :occ int
SELECT event, occ, starts_at, ends_at, capacity, taken, secret, asked, confirmed, present, absent, cancelled, erase_at, erased_at
  FROM reg_slot WHERE event = :event AND occ = :occ;

-- name: reg_slot_rows :many
-- row: reg_slot_row
-- :event int
-- :max int
SELECT event, occ, starts_at, ends_at, capacity, taken, secret, asked, confirmed, present, absent, cancelled, erase_at, erased_at
  FROM reg_slot WHERE event = :event ORDER BY occ LIMIT :max;

-- name: reg_slot_write :exec
-- :event int
-- :occ int
-- :starts_at int?
-- :ends_at int?
-- :capacity int?
-- :secret text
-- :erase_at int?
INSERT INTO reg_slot (event, occ, starts_at, ends_at, capacity, secret, erase_at)
VALUES (:event, :occ, :starts_at, :ends_at, :capacity, :secret, :erase_at)
ON CONFLICT (event, occ) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at, erase_at = excluded.erase_at;

-- A date moved, or does not take place (no start): its people stay.
-- name: reg_slot_times :exec
-- :event int
-- :occ int
-- :starts_at int?
-- :ends_at int?
-- :erase_at int?
UPDATE reg_slot SET starts_at = :starts_at, ends_at = :ends_at, erase_at = :erase_at
 WHERE event = :event AND occ = :occ AND erased_at IS NULL;

-- Those who still count on coming, some at a time.
-- name: reg_counted :many
-- row: reg_row
-- :event int
-- :occ int
-- :after int
SELECT id, event, occ, state, places, mail, name, answers, lang, nonce, held, created_at, confirmed_at, queue_at, offer_until,
       link_version, link_mail, reminded, present
  FROM registration WHERE event = :event AND occ = :occ AND state >= 1 AND state <= 4 AND id > :after ORDER BY id LIMIT 200;

-- name: reg_slot_capacity :exec
-- :event int
-- :capacity int?
UPDATE reg_slot SET capacity = :capacity WHERE event = :event;

-- When who came is forgotten follows the number of days.
-- name: reg_slot_keep :exec
-- :event int
-- :keep int
UPDATE reg_slot SET erase_at = ends_at + :keep WHERE event = :event AND ends_at IS NOT NULL AND erased_at IS NULL;

-- Takes places if they are there: the whole rule of capacity.
-- name: reg_slot_take :count
-- :event int
-- :occ int
-- :places int
UPDATE reg_slot SET taken = taken + :places
 WHERE event = :event AND occ = :occ AND (capacity IS NULL OR taken + :places <= capacity);

-- name: reg_slot_give :exec
-- :event int
-- :occ int
-- :places int
UPDATE reg_slot SET taken = CASE WHEN taken > :places THEN taken - :places ELSE 0 END WHERE event = :event AND occ = :occ;

-- name: reg_slot_totals :exec
-- :event int
-- :occ int
-- :asked int
-- :confirmed int
-- :present int
-- :absent int
-- :cancelled int
UPDATE reg_slot SET asked = asked + :asked, confirmed = confirmed + :confirmed, present = present + :present,
       absent = absent + :absent, cancelled = cancelled + :cancelled
 WHERE event = :event AND occ = :occ;

-- name: reg_insert :one
-- :event int
-- :occ int
-- :places int
-- :mail text
-- :mail_hash text
-- :name text
-- :answers text?
-- :lang text
-- :nonce text
-- :held int
-- :now int
INSERT INTO registration (event, occ, state, places, mail, mail_hash, name, answers, lang, nonce, held, created_at)
VALUES (:event, :occ, 0, :places, :mail, :mail_hash, :name, :answers, :lang, :nonce, :held, :now)
ON CONFLICT (event, occ, mail_hash) DO NOTHING
RETURNING id;

-- name: reg_row :one
-- row: reg_row
-- :id int
SELECT id, event, occ, state, places, mail, name, answers, lang, nonce, held, created_at, confirmed_at, queue_at, offer_until,
       link_version, link_mail, reminded, present
  FROM registration WHERE id = :id;

-- name: reg_row_by_mail :one
-- row: reg_row
-- :event int
-- :occ int
-- :mail_hash text
SELECT id, event, occ, state, places, mail, name, answers, lang, nonce, held, created_at, confirmed_at, queue_at, offer_until,
       link_version, link_mail, reminded, present
  FROM registration WHERE event = :event AND occ = :occ AND mail_hash = :mail_hash;

-- name: reg_rows :each
-- row: reg_row
-- :event int
-- :occ int
SELECT id, event, occ, state, places, mail, name, answers, lang, nonce, held, created_at, confirmed_at, queue_at, offer_until,
       link_version, link_mail, reminded, present
  FROM registration WHERE event = :event AND occ = :occ ORDER BY state, queue_at, id;

-- name: reg_waiting :many
-- row: reg_row
-- :event int
-- :occ int
SELECT id, event, occ, state, places, mail, name, answers, lang, nonce, held, created_at, confirmed_at, queue_at, offer_until,
       link_version, link_mail, reminded, present
  FROM registration WHERE event = :event AND occ = :occ AND state = 3 ORDER BY queue_at, id LIMIT 50;

-- Offers whose time is over.
-- name: reg_lapsed :many
-- row: reg_row
-- :now int
SELECT id, event, occ, state, places, mail, name, answers, lang, nonce, held, created_at, confirmed_at, queue_at, offer_until,
       link_version, link_mail, reminded, present
  FROM registration WHERE state = 4 AND offer_until <= :now ORDER BY offer_until LIMIT 200;

-- Moves a registration, if it still is where the caller saw it: two acts at once, one wins.
-- name: reg_move :count
-- :id int
-- :was int
-- :state int
-- :confirmed_at int?
-- :queue_at int?
-- :offer_until int?
UPDATE registration SET state = :state, confirmed_at = :confirmed_at, queue_at = :queue_at, offer_until = :offer_until
 WHERE id = :id AND state = :was;

-- name: reg_rewrite :count
-- :id int
-- :was int
-- :places int
-- :name text
-- :answers text?
UPDATE registration SET places = :places, name = :name, answers = :answers WHERE id = :id AND state = :was;

-- name: reg_mark_present :exec
-- :id int
-- :present int
-- :now int
UPDATE registration SET present = :present, noted_at = :now WHERE id = :id;

-- name: reg_delete :count
-- :id int
DELETE FROM registration WHERE id = :id;

-- name: reg_counts :many
-- :event int
-- :occ int
SELECT state, count(*) AS total_int, CAST(sum(places) AS BIGINT) AS places_int
  FROM registration WHERE event = :event AND occ = :occ GROUP BY state ORDER BY state LIMIT 16;

-- ---- what comes due ----------------------------------------------------------------------------------------------

-- name: reg_slots_to_erase :many
-- row: reg_slot_row
-- :now int
SELECT event, occ, starts_at, ends_at, capacity, taken, secret, asked, confirmed, present, absent, cancelled, erase_at, erased_at
  FROM reg_slot WHERE erased_at IS NULL AND erase_at IS NOT NULL AND erase_at <= :now ORDER BY erase_at LIMIT 50;

-- name: reg_slot_erased :exec
-- :event int
-- :occ int
-- :now int
UPDATE reg_slot SET erased_at = :now, taken = 0 WHERE event = :event AND occ = :occ;

-- name: reg_delete_slot :count
-- :event int
-- :occ int
DELETE FROM registration WHERE event = :event AND occ = :occ;

-- name: reg_delete_unconfirmed :count
-- :before int
DELETE FROM registration WHERE state = 0 AND created_at < :before;

-- Dates that begin soon, or go on: those to remind, and to send the link to.
-- name: reg_slots_soon :many
-- row: reg_slot_row
-- :from int
-- :to int
-- :event int
-- :starts_after int
SELECT event, occ, starts_at, ends_at, capacity, taken, secret, asked, confirmed, present, absent, cancelled, erase_at, erased_at
  FROM reg_slot
 WHERE erased_at IS NULL AND starts_at >= :from AND starts_at <= :to AND (starts_at > :starts_after OR (starts_at = :starts_after AND event > :event))
 ORDER BY starts_at, event LIMIT 100;

-- Confirmed ones that lack the link as it is now.
-- name: reg_without_link :many
-- row: reg_row
-- :event int
-- :occ int
-- :version int
SELECT id, event, occ, state, places, mail, name, answers, lang, nonce, held, created_at, confirmed_at, queue_at, offer_until,
       link_version, link_mail, reminded, present
  FROM registration WHERE event = :event AND occ = :occ AND state = 2 AND link_version < :version ORDER BY queue_at, id LIMIT 200;

-- name: reg_link_sent :exec
-- :id int
-- :version int
-- :mail int
UPDATE registration SET link_version = :version, link_mail = :mail WHERE id = :id;

-- name: reg_not_reminded :many
-- row: reg_row
-- :event int
-- :occ int
-- :reminded int
SELECT id, event, occ, state, places, mail, name, answers, lang, nonce, held, created_at, confirmed_at, queue_at, offer_until,
       link_version, link_mail, reminded, present
  FROM registration WHERE event = :event AND occ = :occ AND state = 2 AND reminded < :reminded ORDER BY queue_at, id LIMIT 200;

-- name: reg_reminded :exec
-- :id int
-- :reminded int
UPDATE registration SET reminded = :reminded WHERE id = :id;

-- Whether the mail with the link arrived, as far as the server told: the mail's state.
-- name: reg_mail_state :one
-- :id int
SELECT state FROM mail WHERE id = :id;
