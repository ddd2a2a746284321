-- What `maillage check` reads: everything, once.

-- name: verify_ids :many
-- :after int
SELECT id FROM object WHERE id > :after ORDER BY id LIMIT 500;

-- name: verify_object :one
-- :id int
SELECT id, kind, slug, doc FROM object WHERE id = :id;

-- name: verify_terms :each
-- scan: the check reads all
SELECT ot.term, ot.sort, ot.object FROM object_term AS ot ORDER BY ot.term, ot.sort, ot.object;

-- name: verify_uses :each
-- scan: the check reads all
SELECT id, uses FROM term WHERE uses <> 0 ORDER BY id;

-- name: verify_links :each
-- scan: the check reads all
SELECT from_id, pos, verb, to_id AS to_id_maybe, to_text FROM object_link ORDER BY from_id, pos;

-- name: verify_places :each
-- scan: the check reads all
SELECT object, pos, z, lat, lon, territory FROM object_place ORDER BY object, pos;

-- name: verify_texts :each
-- scan: the check reads all
SELECT object, lang, title, summary FROM object_text ORDER BY object, lang;

-- name: verify_clear_terms :exec
-- scan: all is made again
DELETE FROM object_term;

-- Under which terms things happen, and how much a day holds: made again with the terms.
-- name: verify_clear_times :exec
-- scan: all is made again
DELETE FROM occurrence_term;

-- name: verify_clear_days :exec
-- scan: all is made again
DELETE FROM occurrence_day;

-- name: verify_clear_uses :exec
-- scan: all is made again
UPDATE term SET uses = 0 WHERE uses <> 0;

-- name: verify_clear_lists :exec
-- scan: all is made again
UPDATE object SET terms = '' WHERE terms <> '';

-- name: verify_dup_key :one
-- :key int
-- :object int
SELECT object FROM dup_key WHERE key = :key AND object = :object;

-- name: verify_dup_count :one
-- scan: the check reads all
SELECT count(*) AS total_int FROM dup_key;

-- name: verify_search_count :one
-- scan: the check reads all
-- only: sqlite
SELECT count(*) AS total_int FROM search_docsize;

-- name: verify_search_count :one
-- > total int
-- only: pg
SELECT count(*) AS total FROM search;

-- name: verify_object_count :one
-- scan: the check reads all
SELECT count(*) AS total_int FROM object;

-- name: verify_clear_dups :exec
-- scan: all is made again
DELETE FROM dup_key;

-- name: verify_settings :many
-- scan: a handful of rows
SELECT name, value FROM setting ORDER BY name LIMIT 500;

-- name: verify_media :each
-- scan: the check reads all
SELECT DISTINCT media FROM attachment ORDER BY media;
