-- In and out: what imports reported, by line, and official points of territories.

CREATE TABLE import_line (
	run {int} NOT NULL,
	seq {int} NOT NULL,
	line {int} NOT NULL,
	outcome TEXT NOT NULL,       -- "rejected", "noted", "column"
	field TEXT NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (run, seq)
) {norowid};

-- Points that lie over those of the built-in atlas.
CREATE TABLE territory_point (
	code TEXT NOT NULL PRIMARY KEY,
	lat {real} NOT NULL,
	lon {real} NOT NULL
) {norowid};
