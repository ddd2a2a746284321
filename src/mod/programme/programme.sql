-- Common programmes: what they accepted, who decides where.

-- What stands under a programme or asks to, newest question first.
-- name: programme_asked_rows :many
-- :programme int
-- :max int
SELECT o.id, o.slug, o.title, o.territory, o.status, p.state, p.reason
  FROM programme_event AS p JOIN object AS o ON o.id = p.event
 WHERE p.programme = :programme AND p.state IN ('asked', 'refused') AND o.status IN (1, 2)
 ORDER BY p.state, p.at DESC, p.event DESC LIMIT :max;

-- name: programme_is_asked :one
-- :programme int
-- :event int
SELECT count(*) AS total_int FROM programme_event WHERE programme = :programme AND event = :event;

-- name: programme_write :exec
-- :programme int
-- :event int
-- :state text
-- :account int
-- :at int
-- :reason text?
INSERT INTO programme_event (programme, event, state, decided_by, at, reason)
VALUES (:programme, :event, :state, :account, :at, :reason)
ON CONFLICT (programme, event) DO UPDATE SET state = excluded.state, decided_by = excluded.decided_by, at = excluded.at,
       reason = excluded.reason;

-- name: programme_events_count :one
-- :programme int
SELECT count(*) AS total_int, count(DISTINCT o.territory) AS towns_int
  FROM programme_event AS p JOIN object AS o ON o.id = p.event
 WHERE p.programme = :programme AND p.state = 'accepted' AND o.status IN (2, 4);

-- name: programme_hosts_count :one
-- :programme int
SELECT count(DISTINCT h.actor) AS total_int
  FROM programme_event AS p JOIN object AS o ON o.id = p.event JOIN event_host AS h ON h.event = p.event
 WHERE p.programme = :programme AND p.state = 'accepted' AND o.status IN (2, 4) AND h.state = 'accepted';

-- How many occurrences each day holds; days are counted from 1970, as local times are.
-- name: programme_days :many
-- :programme int
-- :from int
-- :to int
SELECT c.at / 86400000 AS day_int, count(*) AS total_int
  FROM programme_event AS p JOIN object AS o ON o.id = p.event JOIN occurrence AS c ON c.event = p.event
 WHERE p.programme = :programme AND p.state = 'accepted' AND o.status = 2 AND c.cancelled = 0 AND c.at >= :from AND c.at < :to
 GROUP BY c.at / 86400000 ORDER BY 1 LIMIT 62;

-- name: programme_event_when :one
-- :event int
SELECT start, finish, zone FROM occurrence WHERE event = :event AND nth = 0;

-- name: programme_steward_add :exec
-- :programme int
-- :account int
-- :territory text
-- :now int
INSERT INTO programme_steward (programme, account, territory, since) VALUES (:programme, :account, :territory, :now)
ON CONFLICT (programme, account, territory) DO NOTHING;

-- name: programme_steward_remove :exec
-- :programme int
-- :account int
-- :territory text
DELETE FROM programme_steward WHERE programme = :programme AND account = :account AND territory = :territory;

-- name: programme_stewards :many
-- :programme int
-- :max int
SELECT account, territory FROM programme_steward WHERE programme = :programme ORDER BY territory, account LIMIT :max;

-- name: programme_steward_of :many
-- :programme int
-- :account int
SELECT territory FROM programme_steward WHERE programme = :programme AND account = :account ORDER BY territory LIMIT 100;

-- ---- the backward plan --------------------------------------------------------------------------------------------

-- name: plan_steps :many
-- :programme int
-- :max int
SELECT id, days, title, notes, owner, account, done_at, reminded FROM plan_step
 WHERE programme = :programme ORDER BY days, id LIMIT :max;

-- name: plan_step_add :exec
-- :programme int
-- :days int
-- :title text
-- :notes text?
-- :owner text?
-- :account int?
INSERT INTO plan_step (programme, days, title, notes, owner, account) VALUES (:programme, :days, :title, :notes, :owner, :account);

-- name: plan_step_change :count
-- :programme int
-- :id int
-- :days int
-- :title text
-- :notes text?
-- :owner text?
-- :account int?
UPDATE plan_step SET days = :days, title = :title, notes = :notes, owner = :owner, account = :account, reminded = 0
 WHERE programme = :programme AND id = :id;

-- name: plan_step_done :count
-- :programme int
-- :id int
-- :done_at int?
UPDATE plan_step SET done_at = :done_at WHERE programme = :programme AND id = :id;

-- name: plan_step_remove :count
-- :programme int
-- :id int
DELETE FROM plan_step WHERE programme = :programme AND id = :id;

-- Last year's steps, to do again.
-- name: plan_copy :exec
-- :from int
-- :into int
INSERT INTO plan_step (programme, days, title, notes, owner, account)
SELECT CAST(:into AS BIGINT), days, title, notes, owner, account FROM plan_step WHERE programme = :from;

-- Steps not done that somebody is to be reminded of, by programme.
-- name: plan_steps_open :many
-- :after int
-- scan: steps not done of all programmes, a few hundred; once a day
SELECT s.id, s.programme, s.days, s.title, s.account, s.reminded, o.title AS programme_title, o.slug, o.lang, o.doc
  FROM plan_step AS s JOIN object AS o ON o.id = s.programme
 WHERE s.done_at IS NULL AND s.account IS NOT NULL AND s.reminded < 2 AND s.id > :after AND o.status IN (0, 1, 2)
 ORDER BY s.id LIMIT 100;

-- name: plan_step_reminded :exec
-- :id int
-- :reminded int
UPDATE plan_step SET reminded = :reminded WHERE id = :id;

-- name: plan_contacts :many
-- :programme int
-- :max int
SELECT id, at, who, channel, what, next FROM plan_contact WHERE programme = :programme ORDER BY at DESC, id DESC LIMIT :max;

-- name: plan_contact_add :exec
-- :programme int
-- :at int
-- :who text
-- :channel text
-- :what text
-- :next text?
-- :account int
INSERT INTO plan_contact (programme, at, who, channel, what, next, account) VALUES (:programme, :at, :who, :channel, :what, :next, :account);
