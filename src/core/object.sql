-- Objects, their history and what is derived from them. Lists with filters are composed in entity/list.c.

-- name: object_row_by_id :one
-- :id int
SELECT id, kind, slug, status, lang, title, sort, summary, kind_slug, territory, lat AS lat_maybe, lon AS lon_maybe, precision,
       picture, source, source_key, version, created_at, updated_at, published_at AS published_at_maybe,
       checked_at AS checked_at_maybe, archived_at AS archived_at_maybe, merged_into AS merged_into_maybe,
       terms, doc
  FROM object
 WHERE id = :id;

-- name: object_id_by_slug :one
-- :kind text
-- :slug text
SELECT id FROM object WHERE kind = :kind AND slug = :slug;

-- name: object_id_by_old_slug :one
-- :kind text
-- :slug text
SELECT object FROM object_slug WHERE kind = :kind AND slug = :slug;

-- name: object_id_by_source :one
-- :source text
-- :source_key text
SELECT id FROM object WHERE source = :source AND source_key = :source_key;

-- name: object_card_by_id :one
-- :id int
-- :lang text
SELECT o.id, o.kind, o.slug, o.status, o.lang, o.title, o.summary, o.kind_slug, o.territory, o.picture, x.title AS title_tr,
       x.summary AS summary_tr
  FROM object AS o LEFT JOIN object_text AS x ON x.object = o.id AND x.lang = :lang
 WHERE o.id = :id;

-- name: object_insert :exec
-- :kind text
-- :slug text
-- :status int
-- :lang text
-- :title text
-- :sort text
-- :summary text?
-- :kind_slug text?
-- :territory text?
-- :lat real?
-- :lon real?
-- :precision int
-- :picture text?
-- :source text?
-- :source_key text?
-- :created_at int
-- :updated_at int
-- :published_at int?
-- :checked_at int?
-- :archived_at int?
-- :terms text
-- :doc text
INSERT INTO object (kind, slug, status, lang, title, sort, summary, kind_slug, territory, lat, lon, precision, picture, source,
                    source_key, version, created_at, updated_at, published_at, checked_at, archived_at, terms, doc)
VALUES (:kind, :slug, :status, :lang, :title, :sort, :summary, :kind_slug, :territory, :lat, :lon, :precision, :picture, :source,
        :source_key, 1, :created_at, :updated_at, :published_at, :checked_at, :archived_at, :terms, :doc);

-- The id that object_insert just gave. RETURNING would make a table for its one row each time, on SQLite.
-- name: object_inserted :one
-- > id int
-- only: sqlite
SELECT last_insert_rowid() AS id;

-- name: object_inserted :one
-- > id int
-- only: pg
SELECT lastval() AS id;

-- name: object_update :count
-- :id int
-- :old_version int
-- :slug text
-- :status int
-- :lang text
-- :title text
-- :sort text
-- :summary text?
-- :kind_slug text?
-- :territory text?
-- :lat real?
-- :lon real?
-- :precision int
-- :picture text?
-- :source text?
-- :source_key text?
-- :updated_at int
-- :published_at int?
-- :checked_at int?
-- :archived_at int?
-- :merged_into int?
-- :terms text
-- :doc text
UPDATE object
   SET slug = :slug, status = :status, lang = :lang, title = :title, sort = :sort, summary = :summary, kind_slug = :kind_slug,
       territory = :territory, lat = :lat, lon = :lon, precision = :precision, picture = :picture, source = :source,
       source_key = :source_key, version = version + 1, updated_at = :updated_at, published_at = :published_at,
       checked_at = :checked_at, archived_at = :archived_at, merged_into = :merged_into, terms = :terms, doc = :doc
 WHERE id = :id AND version = :old_version;

-- name: object_set_terms :exec
-- :id int
-- :terms text
UPDATE object SET terms = :terms WHERE id = :id;

-- name: object_set_checked :exec
-- :id int
-- :at int
UPDATE object SET checked_at = :at WHERE id = :id;

-- name: object_slug_taken :one
-- :kind text
-- :slug text
SELECT (SELECT count(*) FROM object WHERE kind = :kind AND slug = :slug)
       + (SELECT count(*) FROM object_slug WHERE kind = :kind AND slug = :slug) AS taken_int;

-- name: object_slug_add :exec
-- :kind text
-- :slug text
-- :object int
INSERT INTO object_slug (kind, slug, object) VALUES (:kind, :slug, :object)
    ON CONFLICT (kind, slug) DO UPDATE SET object = excluded.object;

-- name: object_slug_drop :exec
-- :kind text
-- :slug text
DELETE FROM object_slug WHERE kind = :kind AND slug = :slug;

-- name: object_text_put :exec
-- :object int
-- :lang text
-- :title text?
-- :summary text?
INSERT INTO object_text (object, lang, title, summary) VALUES (:object, :lang, :title, :summary)
    ON CONFLICT (object, lang) DO UPDATE SET title = excluded.title, summary = excluded.summary;

-- name: object_text_clear :exec
-- :object int
DELETE FROM object_text WHERE object = :object;

-- name: term_find :one
-- :kind text
-- :facet text
-- :value text
SELECT id, uses FROM term WHERE kind = :kind AND facet = :facet AND value = :value;

-- name: term_add :one
-- :kind text
-- :facet text
-- :value text
-- :level int
-- :uses int
INSERT INTO term (kind, facet, value, level, uses) VALUES (:kind, :facet, :value, :level, :uses)
    ON CONFLICT (kind, facet, value) DO UPDATE SET uses = term.uses + excluded.uses
RETURNING id;

-- name: term_count_add :exec
-- :id int
-- :uses int
UPDATE term SET uses = uses + :uses WHERE id = :id;

-- name: term_counts :many
-- :kind text
-- :facet text
-- :max int
-- scan: sorts the values of one facet, which are few or capped
SELECT value, uses FROM term WHERE kind = :kind AND facet = :facet AND uses > 0 ORDER BY uses DESC, value LIMIT :max;

-- name: term_counts_at_level :each
-- :kind text
-- :facet text
-- :level int
SELECT value, uses FROM term WHERE kind = :kind AND facet = :facet AND level = :level AND uses > 0 ORDER BY id;

-- name: object_term_add :exec
-- :term int
-- :sort text
-- :object int
INSERT INTO object_term (term, sort, object) VALUES (:term, :sort, :object) ON CONFLICT DO NOTHING;

-- name: object_term_drop :exec
-- :term int
-- :sort text
-- :object int
DELETE FROM object_term WHERE term = :term AND sort = :sort AND object = :object;

-- name: object_place_add :exec
-- :object int
-- :pos int
-- :z int
-- :lat real
-- :lon real
-- :precision int
-- :territory text?
INSERT INTO object_place (object, pos, z, lat, lon, precision, territory)
VALUES (:object, :pos, :z, :lat, :lon, :precision, :territory);

-- name: object_place_clear :exec
-- :object int
DELETE FROM object_place WHERE object = :object;

-- name: object_places :many
-- :object int
SELECT pos, lat, lon, precision, territory FROM object_place WHERE object = :object ORDER BY pos LIMIT 100;

-- name: object_link_add :exec
-- :from_id int
-- :pos int
-- :verb text
-- :to_id int?
-- :to_text text?
-- :since text?
-- :until text?
-- :note text?
INSERT INTO object_link (from_id, pos, verb, to_id, to_text, since, until, note)
VALUES (:from_id, :pos, :verb, :to_id, :to_text, :since, :until, :note);

-- name: object_link_clear :exec
-- :from_id int
DELETE FROM object_link WHERE from_id = :from_id;

-- name: object_link_rows_out :many
-- :id int
-- :max int
SELECT l.verb, l.since, l.until, l.note, l.to_text, l.to_id AS to_id_maybe, o.kind, o.slug, o.title, o.territory, o.kind_slug,
       o.status AS status_maybe, o.lang
  FROM object_link AS l LEFT JOIN object AS o ON o.id = l.to_id
 WHERE l.from_id = :id
 ORDER BY l.pos LIMIT :max;

-- name: object_link_rows_in :many
-- :id int
-- :max int
SELECT l.verb, l.since, l.until, l.note, o.id, o.kind, o.slug, o.title, o.territory, o.kind_slug, o.lang
  FROM object_link AS l JOIN object AS o ON o.id = l.from_id
 WHERE l.to_id = :id AND o.status = 2
 ORDER BY l.from_id, l.pos LIMIT :max;

-- name: object_links_in :many
-- :id int
-- :max int
SELECT DISTINCT from_id FROM object_link WHERE to_id = :id ORDER BY from_id LIMIT :max;

-- name: object_links_open :one
-- :id int
SELECT count(*) AS total_int FROM object_link WHERE from_id = :id AND to_id IS NULL;

-- name: object_links_move :count
-- :old_id int
-- :new_id int
UPDATE object_link SET to_id = :new_id WHERE to_id = :old_id;

-- name: object_links_out_of :many
-- :id int
-- :max int
SELECT verb, to_id FROM object_link WHERE from_id = :id AND to_id IS NOT NULL ORDER BY pos LIMIT :max;

-- name: revision_add :exec
-- :object int
-- :version int
-- :at int
-- :account int
-- :verb text
-- :note text?
-- :import_run int?
-- :other int?
-- :fields text
-- :status_before int
-- :status_after int
-- :before text?
INSERT INTO revision (object, version, at, account, verb, note, import_run, other, fields, status_before, status_after, before)
VALUES (:object, :version, :at, :account, :verb, :note, :import_run, :other, :fields, :status_before, :status_after, :before);

-- name: revision_by_id :one
-- :id int
SELECT id, object, version, at, account, verb, note, import_run AS import_run_maybe, other AS other_maybe, fields, status_before,
       status_after, before, undone
  FROM revision
 WHERE id = :id;

-- name: revisions_of :many
-- :object int
-- :max int
SELECT id, version, at, account, verb, note, fields, status_before, status_after, undone
  FROM revision
 WHERE object = :object
 ORDER BY version DESC LIMIT :max;

-- name: revision_after :one
-- :object int
-- :version int
SELECT id, version, before FROM revision
 WHERE object = :object AND version > :version AND before IS NOT NULL
 ORDER BY version LIMIT 1;

-- name: revision_at_version :one
-- :object int
-- :version int
SELECT id, verb, before, other AS other_maybe, status_before FROM revision WHERE object = :object AND version = :version;

-- name: revision_undone :exec
-- :id int
-- :version int
UPDATE revision SET undone = :version WHERE id = :id;

-- name: revisions_of_import :many
-- :run int
-- :below int
-- :max int
SELECT id, object, version, undone FROM revision
 WHERE import_run = :run AND id < :below
 ORDER BY id DESC LIMIT :max;

-- name: revisions_recent :many
-- :before_at int
-- :before_id int
-- :max int
SELECT r.id, r.object, r.version, r.at, r.account, r.verb, r.note, r.fields, r.status_after, o.kind, o.slug, o.title, o.status
  FROM revision AS r JOIN object AS o ON o.id = r.object
 WHERE (r.at, r.id) < (:before_at, :before_id)
 ORDER BY r.at DESC, r.id DESC LIMIT :max;

-- name: object_changed :exec
-- :object int
INSERT INTO object_change (object) VALUES (:object);

-- name: object_changes_after :many
-- :seq int
-- :max int
SELECT seq, object FROM object_change WHERE seq > :seq ORDER BY seq LIMIT :max;

-- name: object_change_range :one
-- scan: reads the first and the last row of the primary key
SELECT coalesce((SELECT seq FROM object_change ORDER BY seq LIMIT 1), 0) AS first_int,
       coalesce((SELECT seq FROM object_change ORDER BY seq DESC LIMIT 1), 0) AS last_int;

-- name: object_change_trim :exec
-- :below int
DELETE FROM object_change WHERE seq < :below;

-- name: data_version_bump :exec
-- :name text
UPDATE data_version SET version = version + 1 WHERE name = :name;

-- name: data_version_get :one
-- :name text
SELECT version FROM data_version WHERE name = :name;

-- name: attachment_add :exec
-- :object int
-- :pos int
-- :media text
-- :public int
INSERT INTO attachment (object, pos, media, public) VALUES (:object, :pos, :media, :public);

-- name: attachment_clear :exec
-- :object int
DELETE FROM attachment WHERE object = :object;

-- name: attachment_is_public :one
-- :media text
SELECT media FROM attachment WHERE media = :media AND public = 1 LIMIT 1;

-- name: object_ids_of_kind :many
-- :kind text
-- :after int
-- :max int
SELECT id FROM object WHERE id > :after AND kind = :kind ORDER BY id LIMIT :max;

-- name: object_has_editor :one
-- :account int
-- :object int
SELECT object FROM account_object WHERE account = :account AND object = :object;

-- name: dup_key_add :exec
-- :key int
-- :object int
INSERT INTO dup_key (key, object) VALUES (:key, :object) ON CONFLICT DO NOTHING;

-- name: dup_key_drop :exec
-- :key int
-- :object int
DELETE FROM dup_key WHERE key = :key AND object = :object;

-- name: dup_candidates :many
-- :key int
-- :max int
SELECT object FROM dup_key WHERE key = :key ORDER BY object LIMIT :max;

-- name: dup_distinct_add :exec
-- :a int
-- :b int
-- :at int
INSERT INTO dup_distinct (a, b, at) VALUES (:a, :b, :at) ON CONFLICT DO NOTHING;

-- name: dup_distinct_known :one
-- :a int
-- :b int
SELECT at FROM dup_distinct WHERE a = :a AND b = :b;

-- name: object_sort_match :many
-- :term int
-- :sort text
-- :max int
SELECT object FROM object_term WHERE term = :term AND sort = :sort ORDER BY object LIMIT :max;

-- name: revision_of_merge :one
-- :object int
-- :other int
SELECT id FROM revision WHERE object = :object AND verb = 'merge' AND other = :other ORDER BY version DESC LIMIT 1;

-- name: term_ids_of :many
-- :kind text
-- :facet text
-- :max int
SELECT id, value FROM term WHERE kind = :kind AND facet = :facet ORDER BY id LIMIT :max;

-- name: theme_rows :many
-- scan: the tree of themes is read whole, once a change
SELECT slug, parent, position, icon FROM theme ORDER BY position, slug LIMIT 2000;

-- name: theme_name_rows :many
-- scan: the tree of themes is read whole, once a change
SELECT slug, lang, name FROM theme_name ORDER BY slug, lang LIMIT 10000;

-- name: theme_row_put :exec
-- :slug text
-- :parent text?
-- :position int
-- :icon text?
INSERT INTO theme (slug, parent, position, icon) VALUES (:slug, :parent, :position, :icon)
    ON CONFLICT (slug) DO UPDATE SET parent = excluded.parent, position = excluded.position, icon = excluded.icon;

-- name: theme_name_put :exec
-- :slug text
-- :lang text
-- :name text
INSERT INTO theme_name (slug, lang, name) VALUES (:slug, :lang, :name)
    ON CONFLICT (slug, lang) DO UPDATE SET name = excluded.name;

-- name: theme_names_clear :exec
-- :slug text
DELETE FROM theme_name WHERE slug = :slug;

-- name: theme_row_remove :exec
-- :slug text
DELETE FROM theme WHERE slug = :slug;

-- name: objects_of_theme :many
-- :slug text
-- :after int
-- :max int
SELECT t.object FROM object_term AS t JOIN term AS k ON k.id = t.term
 WHERE k.facet = 'theme' AND k.value = :slug AND t.object > :after
 ORDER BY t.object LIMIT :max;

-- name: setting_value :one
-- :name text
SELECT value FROM setting WHERE name = :name;

-- name: setting_rows :many
-- scan: a site has a few dozen settings
SELECT name, value FROM setting ORDER BY name LIMIT 1000;

-- name: setting_value_put :exec
-- :name text
-- :value text
-- :at int
-- :account int
INSERT INTO setting (name, value, at, account) VALUES (:name, :value, :at, :account)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at, account = excluded.account;

-- name: setting_value_first :exec
-- :name text
-- :value text
-- :at int
INSERT INTO setting (name, value, at) VALUES (:name, :value, :at) ON CONFLICT (name) DO NOTHING;

-- name: account_admin :one
-- :role int
-- scan: stops at the first; accounts are few
SELECT id FROM account WHERE role = :role AND closed = 0 LIMIT 1;

-- name: attachment_known :one
-- :media text
SELECT media FROM attachment WHERE media = :media LIMIT 1;

-- name: setting_names :one
-- :pattern text
-- scan: settings are few
SELECT name FROM setting WHERE value LIKE :pattern LIMIT 1;

-- What the duplicate watch looks at before it reads a document.
-- name: dup_light :one
-- :id int
SELECT kind, status, slug, title, territory, lat, lon, precision FROM object WHERE id = :id;
