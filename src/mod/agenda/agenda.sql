-- The agenda's own tables; lists under filters are composed in entity/list_time.c.

-- name: event_row :one
-- :object int
SELECT object, sequence, changed_at AS changed_at_maybe, what, first_at AS first_at_maybe, last_at AS last_at_maybe,
       horizon AS horizon_maybe, passed
  FROM event
 WHERE object = :object;

-- name: event_put :exec
-- :object int
-- :sequence int
-- :changed_at int?
-- :what text
-- :first_at int?
-- :last_at int?
-- :horizon int?
-- :passed int
INSERT INTO event (object, sequence, changed_at, what, first_at, last_at, horizon, passed)
VALUES (:object, :sequence, :changed_at, :what, :first_at, :last_at, :horizon, :passed)
    ON CONFLICT (object) DO UPDATE
       SET sequence = excluded.sequence, changed_at = excluded.changed_at, what = excluded.what, first_at = excluded.first_at,
           last_at = excluded.last_at, horizon = excluded.horizon, passed = excluded.passed;

-- name: events_over :many
-- :now int
-- :max int
SELECT object FROM event WHERE passed = 0 AND last_at IS NOT NULL AND last_at <= :now ORDER BY last_at, object LIMIT :max;

-- name: events_short :many
-- :below int
-- :max int
SELECT object FROM event WHERE horizon IS NOT NULL AND horizon < :below ORDER BY horizon, object LIMIT :max;

-- name: occurrence_add :exec
-- :event int
-- :nth int
-- :at int
-- :until int
-- :start_at int
-- :end_at int
-- :grain int
-- :cancelled int
-- :ref text
-- :start text
-- :finish text?
-- :zone text?
INSERT INTO occurrence (event, nth, at, until, start_at, end_at, grain, cancelled, ref, start, finish, zone)
VALUES (:event, :nth, :at, :until, :start_at, :end_at, :grain, :cancelled, :ref, :start, :finish, :zone);

-- name: occurrences_clear :exec
-- :event int
DELETE FROM occurrence WHERE event = :event;

-- name: occurrence_rows :many
-- :event int
-- :after int
-- :max int
-- row: occurrence_row
SELECT event, nth, at, until, start_at, end_at, grain, cancelled, ref, start, finish, zone
  FROM occurrence
 WHERE event = :event AND end_at >= :after
 ORDER BY start_at, nth LIMIT :max;

-- name: occurrence_by_ref :one
-- :event int
-- :ref text
-- row: occurrence_row
SELECT event, nth, at, until, start_at, end_at, grain, cancelled, ref, start, finish, zone
  FROM occurrence
 WHERE event = :event AND ref = :ref
 ORDER BY nth LIMIT 1;

-- name: occurrence_first :one
-- :event int
-- :now int
-- row: occurrence_row
SELECT event, nth, at, until, start_at, end_at, grain, cancelled, ref, start, finish, zone
  FROM occurrence
 WHERE event = :event AND end_at > :now AND cancelled <> 1
 ORDER BY start_at, nth LIMIT 1;

-- name: occurrence_term_add :exec
-- :term int
-- :at int
-- :event int
-- :nth int
-- :until int
-- :lasting int
INSERT INTO occurrence_term (term, at, event, nth, until, lasting) VALUES (:term, :at, :event, :nth, :until, :lasting);

-- name: occurrence_terms_clear :exec
-- :event int
DELETE FROM occurrence_term WHERE event = :event;

-- name: occurrence_day_add :exec
-- :term int
-- :day int
-- :held int
INSERT INTO occurrence_day (term, day, held) VALUES (:term, :day, :held)
    ON CONFLICT (term, day) DO UPDATE SET held = occurrence_day.held + excluded.held;

-- name: occurrence_days :many
-- :term int
-- :from_day int
-- :to_day int
SELECT day, held FROM occurrence_day WHERE term = :term AND day >= :from_day AND day < :to_day AND held > 0 ORDER BY day LIMIT 400;

-- name: event_host_rows :many
-- :event int
SELECT actor, role, state, mailed_at AS mailed_at_maybe FROM event_host WHERE event = :event ORDER BY actor LIMIT 200;

-- name: event_host_one :one
-- :event int
-- :actor int
SELECT role, state, asked_at, mailed_at AS mailed_at_maybe FROM event_host WHERE event = :event AND actor = :actor;

-- name: event_host_put :exec
-- :event int
-- :actor int
-- :role text
-- :state text
-- :asked_at int
INSERT INTO event_host (event, actor, role, state, asked_at) VALUES (:event, :actor, :role, :state, :asked_at)
    ON CONFLICT (event, actor) DO UPDATE SET role = excluded.role;

-- name: event_host_drop :exec
-- :event int
-- :actor int
DELETE FROM event_host WHERE event = :event AND actor = :actor;

-- name: event_host_decide :count
-- :event int
-- :actor int
-- :state text
-- :now int
-- :account int
UPDATE event_host SET state = :state, decided_at = :now, decided_by = :account WHERE event = :event AND actor = :actor;

-- name: event_host_mailed :exec
-- :event int
-- :actor int
-- :now int
UPDATE event_host SET mailed_at = :now WHERE event = :event AND actor = :actor;

-- name: event_hosts_asked :many
-- :actor int
-- :max int
SELECT h.event, h.role, h.asked_at, o.slug, o.title, o.status
  FROM event_host AS h JOIN object AS o ON o.id = h.event
 WHERE h.actor = :actor AND h.state = 'asked'
 ORDER BY h.event LIMIT :max;

-- A programme is asked once; what it decided stays while the event names it.
-- name: programme_ask :exec
-- :programme int
-- :event int
-- :now int
INSERT INTO programme_event (programme, event, state, at) VALUES (:programme, :event, 'asked', :now)
ON CONFLICT (programme, event) DO NOTHING;

-- name: programme_drop :exec
-- :programme int
-- :event int
DELETE FROM programme_event WHERE programme = :programme AND event = :event;

-- name: programme_states :many
-- :event int
SELECT programme, state FROM programme_event WHERE event = :event ORDER BY programme LIMIT 100;
