-- What every kind of object shares. One row and one document an object; every other table here is either history or
-- derived from the document on each save, and can be made again from it (maillage check --rebuild).

CREATE TABLE object (
	id {pk},
	kind TEXT NOT NULL,
	slug TEXT NOT NULL,
	status {int} NOT NULL,
	lang TEXT NOT NULL,
	title TEXT NOT NULL,
	sort TEXT NOT NULL,          -- the title folded: the order of lists
	summary TEXT,
	kind_slug TEXT,              -- value of the field "kind", for icons
	territory TEXT,
	lat {real},                  -- blurred already; the exact point stays in the document
	lon {real},
	precision {int} NOT NULL DEFAULT 0,
	picture TEXT,
	source TEXT,
	source_key TEXT,
	version {int} NOT NULL,
	created_at {int} NOT NULL,
	updated_at {int} NOT NULL,
	published_at {int},
	checked_at {int},            -- somebody confirmed that it is still right
	archived_at {int},           -- archived or removed: personal fields are purged from this day on
	merged_into {int},
	terms TEXT NOT NULL DEFAULT '', -- ids of its rows of object_term, so that they are found again without an index
	doc TEXT NOT NULL            -- last, so that lists do not read its overflow pages
) {strict};
CREATE UNIQUE INDEX object_slug_key ON object (kind, slug);
CREATE UNIQUE INDEX object_source_key ON object (source, source_key) WHERE source_key IS NOT NULL;
CREATE INDEX object_new ON object (kind, published_at, id) WHERE status = 2;
CREATE INDEX object_updated ON object (kind, updated_at, id) WHERE status = 2;
CREATE INDEX object_waiting ON object (status, updated_at, id) WHERE status <> 2;
CREATE INDEX object_upkeep ON object (kind, checked_at, id) WHERE status = 2;

-- Former addresses.
CREATE TABLE object_slug (
	kind TEXT NOT NULL,
	slug TEXT NOT NULL,
	object {int} NOT NULL,
	PRIMARY KEY (kind, slug)
) {norowid};
CREATE INDEX object_slug_object ON object_slug (object);

-- Titles and summaries in other languages than the original's.
CREATE TABLE object_text (
	object {int} NOT NULL,
	lang TEXT NOT NULL,
	title TEXT,
	summary TEXT,
	PRIMARY KEY (object, lang)
) {norowid};

-- What published objects are listed under: facet '' is all of a kind; 'theme' holds a theme and those above it;
-- 'territory' each territory that holds a place of the object; uses counts published objects.
CREATE TABLE term (
	id {pk},
	kind TEXT NOT NULL,
	facet TEXT NOT NULL,
	value TEXT NOT NULL,
	level {int} NOT NULL DEFAULT 0, -- of territories: enum atlas_level
	uses {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX term_key ON term (kind, facet, value);
CREATE INDEX term_level ON term (kind, facet, level, id);

CREATE TABLE object_term (
	term {int} NOT NULL,
	sort TEXT NOT NULL,
	object {int} NOT NULL,
	PRIMARY KEY (term, sort, object)
) {norowid};

-- Each place of each published object, blurred, along a curve that keeps neighbours together (z).
CREATE TABLE object_place (
	z {int} NOT NULL,
	object {int} NOT NULL,
	pos {int} NOT NULL,
	lat {real} NOT NULL,
	lon {real} NOT NULL,
	precision {int} NOT NULL,
	territory TEXT,
	PRIMARY KEY (z, object, pos)
) {norowid};
CREATE INDEX object_place_object ON object_place (object, pos);

CREATE TABLE object_link (
	from_id {int} NOT NULL,
	pos {int} NOT NULL,
	verb TEXT NOT NULL,
	to_id {int},
	to_text TEXT,                -- what was written when it is no object of ours
	since TEXT,
	until TEXT,
	note TEXT,
	PRIMARY KEY (from_id, pos)
) {norowid};
CREATE INDEX object_link_to ON object_link (to_id, from_id) WHERE to_id IS NOT NULL;

CREATE TABLE revision (
	id {pk},
	object {int} NOT NULL,
	version {int} NOT NULL,      -- the one this act made
	at {int} NOT NULL,
	account {int} NOT NULL DEFAULT 0,
	verb TEXT NOT NULL,
	note TEXT,
	import_run {int},
	other {int},                 -- the other object of a merge
	fields TEXT NOT NULL DEFAULT '', -- what changed, comma separated
	status_before {int} NOT NULL,
	status_after {int} NOT NULL,
	before TEXT,                 -- the document before; NULL when the document did not change
	undone {int} NOT NULL DEFAULT 0 -- the version that undid it
) {strict};
CREATE UNIQUE INDEX revision_object ON revision (object, version);
CREATE INDEX revision_import ON revision (import_run, id) WHERE import_run IS NOT NULL;
CREATE INDEX revision_at ON revision (at, id);

CREATE TABLE proposal (
	id {pk},
	type {int} NOT NULL,
	object {int} NOT NULL DEFAULT 0,
	kind TEXT NOT NULL,
	changes TEXT,                -- {"key": value or null}
	base_version {int} NOT NULL DEFAULT 0,
	note TEXT,
	mail TEXT,
	name TEXT,
	lang TEXT NOT NULL,
	account {int} NOT NULL DEFAULT 0,
	token TEXT,                  -- hash of the signed link's secret
	confirmed_at {int},          -- when the link was followed
	territory TEXT,              -- of the object, for moderators' scopes
	themes TEXT NOT NULL DEFAULT '',
	state {int} NOT NULL DEFAULT 0,
	created_at {int} NOT NULL,
	decided_at {int},
	decided_by {int} NOT NULL DEFAULT 0,
	reason TEXT,
	accepted TEXT NOT NULL DEFAULT '' -- keys taken, comma separated
) {strict};
CREATE UNIQUE INDEX proposal_token ON proposal (token) WHERE token IS NOT NULL;
CREATE INDEX proposal_open ON proposal (state, created_at, id);
CREATE INDEX proposal_object ON proposal (object, id);
CREATE INDEX proposal_purge ON proposal (decided_at, id) WHERE mail IS NOT NULL;

CREATE TABLE dup_key (
	key {int} NOT NULL,
	object {int} NOT NULL,
	PRIMARY KEY (key, object)
) {norowid};
CREATE INDEX dup_key_object ON dup_key (object);

-- Pairs that a person said are not the same.
CREATE TABLE dup_distinct (
	a {int} NOT NULL,
	b {int} NOT NULL,
	at {int} NOT NULL,
	PRIMARY KEY (a, b)
) {norowid};

-- What changed, for indexes kept in memory: they read what is after the last seq they know.
CREATE TABLE object_change (
	seq {pk},
	object {int} NOT NULL
) {strict};

-- Grows with each committed change of what the public sees: pages kept in memory are stale then.
CREATE TABLE data_version (
	name TEXT NOT NULL PRIMARY KEY,
	version {int} NOT NULL
) {norowid};
INSERT INTO data_version (name, version) VALUES ('public', 1), ('site', 1);

CREATE TABLE setting (
	name TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL,         -- JSON
	at {int} NOT NULL,
	account {int} NOT NULL DEFAULT 0
) {norowid};

CREATE TABLE theme (
	slug TEXT NOT NULL PRIMARY KEY,
	parent TEXT,
	position {int} NOT NULL DEFAULT 0,
	icon TEXT
) {norowid};

CREATE TABLE theme_name (
	slug TEXT NOT NULL,
	lang TEXT NOT NULL,
	name TEXT NOT NULL,
	PRIMARY KEY (slug, lang)
) {norowid};

-- Files kept under their content's hash in the data folder.
CREATE TABLE media (
	name TEXT NOT NULL PRIMARY KEY, -- "HASH-1200x800.webp", "HASH.pdf"
	mime TEXT NOT NULL,
	size {int} NOT NULL,
	original TEXT,               -- file name as sent
	created_at {int} NOT NULL
) {norowid};
CREATE INDEX media_created ON media (created_at);

CREATE TABLE attachment (
	object {int} NOT NULL,
	pos {int} NOT NULL,
	media TEXT NOT NULL,
	public {int} NOT NULL,       -- 1 when a published object shows it to everybody
	PRIMARY KEY (object, pos)
) {norowid};
CREATE INDEX attachment_media ON attachment (media);

CREATE TABLE import_run (
	id {pk},
	kind TEXT NOT NULL,
	format TEXT NOT NULL,
	source TEXT NOT NULL,
	account {int} NOT NULL DEFAULT 0,
	started_at {int} NOT NULL,
	ended_at {int},
	state {int} NOT NULL DEFAULT 0, -- 0 running, 1 done, 2 failed, 3 undone
	n_read {int} NOT NULL DEFAULT 0,
	n_created {int} NOT NULL DEFAULT 0,
	n_updated {int} NOT NULL DEFAULT 0,
	n_unchanged {int} NOT NULL DEFAULT 0,
	n_rejected {int} NOT NULL DEFAULT 0
) {strict};
CREATE INDEX import_run_started ON import_run (started_at, id);
