-- Who decides for a programme in a region; and the backward plan: steps counted in days from its first day.

CREATE TABLE programme_steward (
	programme {int} NOT NULL,
	account {int} NOT NULL,
	territory TEXT NOT NULL,
	since {int} NOT NULL,
	PRIMARY KEY (programme, account, territory)
) {norowid};

CREATE TABLE plan_step (
	id {pk},
	programme {int} NOT NULL,
	days {int} NOT NULL,          -- from the first day: -180 is six months before
	title TEXT NOT NULL,
	notes TEXT,
	owner TEXT,                   -- a name or a role, as the team says it
	account {int},                -- who gets the reminders
	done_at {int},
	reminded {int} NOT NULL DEFAULT 0 -- 1 a week before, 2 on the day
) {strict};
CREATE INDEX plan_step_programme ON plan_step (programme, days, id);
CREATE INDEX plan_step_open ON plan_step (programme, id) WHERE done_at IS NULL;

-- What was said with a town hall or a partner, and what comes next.
CREATE TABLE plan_contact (
	id {pk},
	programme {int} NOT NULL,
	at {int} NOT NULL,
	who TEXT NOT NULL,            -- an institution or an office, not a person
	channel TEXT NOT NULL,        -- meeting, letter, telephone, mail
	what TEXT NOT NULL,
	next TEXT,
	account {int} NOT NULL
) {strict};
CREATE INDEX plan_contact_programme ON plan_contact (programme, at, id);
