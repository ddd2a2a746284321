-- The agenda. An event's content is its document, as for every kind; here is what follows from it (when it happens, written
-- out so that a day, a month or what comes next under any filter is one range of an index), and what others say of it:
-- whether an actor agreed to be its host, whether a programme accepted it.

CREATE TABLE event (
	object {int} NOT NULL PRIMARY KEY,
	sequence {int} NOT NULL DEFAULT 0,  -- of iCalendar: changes of time, place or state since it was published
	changed_at {int},
	what TEXT NOT NULL DEFAULT '',   -- fields of the last such change
	first_at {int},                     -- NULL: to be decided
	last_at {int},                      -- when the last occurrence ends; NULL: goes on, or to be decided
	horizon {int},                      -- written out as far as this; NULL: whole
	passed {int} NOT NULL DEFAULT 0     -- listed as past
) {strict};
CREATE INDEX event_last ON event (last_at, object) WHERE passed = 0 AND last_at IS NOT NULL;
CREATE INDEX event_horizon ON event (horizon, object) WHERE horizon IS NOT NULL;

-- `at` and `until` are local times counted as if they were UTC: the order and the days of lists are those of the place.
CREATE TABLE occurrence (
	event {int} NOT NULL,
	nth {int} NOT NULL,
	at {int} NOT NULL,
	until {int} NOT NULL,
	start_at {int} NOT NULL,            -- instants
	end_at {int} NOT NULL,
	grain {int} NOT NULL,               -- enum cal_precision of the start
	cancelled {int} NOT NULL,
	ref TEXT NOT NULL,                  -- its place in the series, which does not move
	start TEXT NOT NULL,
	finish TEXT,
	zone TEXT,
	PRIMARY KEY (event, nth)
) {norowid};
CREATE INDEX occurrence_end ON occurrence (event, end_at);
CREATE INDEX occurrence_ref ON occurrence (event, ref);

-- Occurrences of published events under each term of object_term.
CREATE TABLE occurrence_term (
	term {int} NOT NULL,
	at {int} NOT NULL,
	event {int} NOT NULL,
	nth {int} NOT NULL,
	until {int} NOT NULL,
	lasting {int} NOT NULL,                -- lasts beyond its day: found by its end too
	PRIMARY KEY (term, at, event, nth)
) {norowid};
CREATE INDEX occurrence_running ON occurrence_term (term, until, at, event, nth) WHERE lasting = 1;
CREATE INDEX occurrence_term_event ON occurrence_term (event);

-- How many occurrences stand on each day, under each term.
CREATE TABLE occurrence_day (
	term {int} NOT NULL,
	day {int} NOT NULL,                 -- days since 1970
	held {int} NOT NULL,
	PRIMARY KEY (term, day)
) {norowid};

CREATE TABLE event_host (
	event {int} NOT NULL,
	actor {int} NOT NULL,
	role TEXT NOT NULL,
	state TEXT NOT NULL,                -- asked, accepted, declined
	asked_at {int} NOT NULL,
	mailed_at {int},
	decided_at {int},
	decided_by {int} NOT NULL DEFAULT 0, -- account; 0: by the link of the mail
	PRIMARY KEY (event, actor)
) {norowid};
CREATE INDEX event_host_actor ON event_host (actor, state, event);

CREATE TABLE programme_event (
	programme {int} NOT NULL,
	event {int} NOT NULL,
	state TEXT NOT NULL,                -- asked, accepted, refused
	decided_by {int} NOT NULL DEFAULT 0,
	at {int} NOT NULL,
	reason TEXT,
	PRIMARY KEY (programme, event)
) {norowid};
CREATE INDEX programme_event_state ON programme_event (programme, state, at, event);
CREATE INDEX programme_event_event ON programme_event (event, programme);
