-- Registrations: who comes to an event. What names a person is sealed, and leaves when its time is over; totals stay.

-- What the organisers decided; one row an event that people register for here.
CREATE TABLE reg_setup (
	event {int} NOT NULL PRIMARY KEY,
	mode {int} NOT NULL,          -- 1 open, 2 approved one by one, 3 by invitation
	capacity {int},               -- of each date; NULL: no limit
	per_person {int} NOT NULL DEFAULT 1, -- places that one registration may ask for
	waiting {int} NOT NULL DEFAULT 1,
	answer_hours {int} NOT NULL DEFAULT 24, -- to take a place that became free; 0: it is given at once
	opens_at {int},
	closes_at {int},
	keep_days {int} NOT NULL DEFAULT 30, -- after the event, then who came is forgotten
	needs {int} NOT NULL DEFAULT 1, -- ask for access and interpreting needs
	minors {int} NOT NULL DEFAULT 0, -- a minor or a group may be registered by an adult
	questions TEXT NOT NULL DEFAULT '[]', -- [{"id","label","purpose","required","choices"}]
	reminders TEXT NOT NULL DEFAULT '48', -- hours before, comma separated
	templates TEXT NOT NULL DEFAULT '{}', -- {"confirmed": {"fr": "…"}}: what organisers wrote instead of our words
	link TEXT,                    -- the vault: sealed; NULL: none
	link_version {int} NOT NULL DEFAULT 0, -- grows with each change: those who had another get the new one
	link_hours {int} NOT NULL DEFAULT 24, -- sent this long before the start
	link_personal {int} NOT NULL DEFAULT 0, -- mails hold a personal address that leads to it
	updated_at {int} NOT NULL
) {norowid};

-- One date of an event (occ: its start, 0 when the event has none yet), and how many places of it are taken.
CREATE TABLE reg_slot (
	event {int} NOT NULL,
	occ {int} NOT NULL,
	starts_at {int},
	ends_at {int},
	capacity {int},
	taken {int} NOT NULL DEFAULT 0,
	secret TEXT NOT NULL,         -- of the address where attendance is noted
	asked {int} NOT NULL DEFAULT 0, -- totals, which stay: registrations, places of the confirmed, present, absent, cancelled
	confirmed {int} NOT NULL DEFAULT 0,
	present {int} NOT NULL DEFAULT 0,
	absent {int} NOT NULL DEFAULT 0,
	cancelled {int} NOT NULL DEFAULT 0,
	erase_at {int},               -- when who came is forgotten; NULL: no end known
	erased_at {int},
	PRIMARY KEY (event, occ)
) {norowid};
CREATE INDEX reg_slot_erase ON reg_slot (erase_at) WHERE erased_at IS NULL AND erase_at IS NOT NULL;
CREATE INDEX reg_slot_start ON reg_slot (starts_at, event) WHERE erased_at IS NULL;

CREATE TABLE registration (
	id {pk},
	event {int} NOT NULL,
	occ {int} NOT NULL,
	state {int} NOT NULL,         -- enum reg_state
	places {int} NOT NULL,
	mail TEXT NOT NULL,           -- sealed
	mail_hash TEXT NOT NULL,      -- keyed with the event and date: one registration an address
	name TEXT NOT NULL,           -- sealed; a nickname will do
	answers TEXT,                 -- sealed JSON: needs, questions, group
	lang TEXT NOT NULL,
	nonce TEXT NOT NULL,          -- part of what the signed link says, so that no other row ever answers to it
	held {int} NOT NULL DEFAULT 0, -- came during a raid: a person looks first
	created_at {int} NOT NULL,
	confirmed_at {int},           -- the address was confirmed
	queue_at {int},               -- place in the waiting list
	offer_until {int},            -- a free place is kept until then
	link_version {int} NOT NULL DEFAULT 0, -- of the vault, as last sent
	link_mail {int},              -- the mail that brought it: tells whether it arrived
	reminded {int} NOT NULL DEFAULT 0, -- how many of the reminders were sent
	present {int} NOT NULL DEFAULT 0, -- 0 not noted, 1 present, 2 absent
	noted_at {int}
) {strict};
CREATE UNIQUE INDEX registration_mail ON registration (event, occ, mail_hash);
CREATE INDEX registration_queue ON registration (event, occ, state, queue_at, id);
CREATE INDEX registration_offer ON registration (offer_until) WHERE state = 4;
CREATE INDEX registration_asked ON registration (created_at) WHERE state = 0;

-- What is put in a mail only when it leaves: the queue, its list and its copies never hold it.
ALTER TABLE mail ADD COLUMN secret_of {int};
