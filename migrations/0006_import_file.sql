-- Files sent by an administrator, between their preview and their end.
CREATE TABLE import_file (
	id {pk},
	path TEXT NOT NULL,
	name TEXT NOT NULL,          -- as sent
	kind TEXT NOT NULL,          -- plural, or "themes", "territories"
	size {int} NOT NULL,
	account {int} NOT NULL,
	created_at {int} NOT NULL,
	options TEXT NOT NULL,       -- JSON: {"map": {column: field}, "lang", "source", "territory", "propose"}
	run {int}                    -- once it was started
) {strict};
