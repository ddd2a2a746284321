-- Live sources: addresses that are read again on a schedule.
CREATE TABLE source (
	id {pk},
	name TEXT NOT NULL,
	url TEXT NOT NULL,
	kind TEXT NOT NULL,          -- plural
	options TEXT NOT NULL,       -- JSON: {"map": {column: field}, "lang", "territory"}
	trusted {int} NOT NULL,      -- 1: changes are applied; 0: a moderator decides
	every_hours {int} NOT NULL,
	misses_max {int} NOT NULL,   -- absent so many times in a row: archived; 0: never
	account {int} NOT NULL,
	created_at {int} NOT NULL,
	next_at {int} NOT NULL,
	fetched_at {int},
	etag TEXT,
	modified TEXT,
	error TEXT,                  -- why the last time failed
	run {int}                    -- the last import
) {strict};
CREATE INDEX source_due ON source (next_at, id);

-- What a source had when it was last read.
CREATE TABLE source_object (
	source {int} NOT NULL,
	object {int} NOT NULL,
	misses {int} NOT NULL,
	seen_at {int} NOT NULL,
	PRIMARY KEY (source, object)
) {norowid};
