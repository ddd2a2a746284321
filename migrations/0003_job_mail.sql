-- Work to do outside requests, and mail. Rows are written in the transaction that caused them.

CREATE TABLE job (
	id {pk},
	kind TEXT NOT NULL,
	payload TEXT NOT NULL DEFAULT '',
	key TEXT UNIQUE,             -- at most one live job of a key (scheduled kinds: their name); NULL: no limit
	due_at {int} NOT NULL,       -- when to run; while one runs, when its lease ends
	attempts {int} NOT NULL DEFAULT 0,
	failed {int} NOT NULL DEFAULT 0, -- given up; kept for the administrator to see
	error TEXT,
	created_at {int} NOT NULL
){strict};
CREATE INDEX job_due ON job (due_at, id) WHERE failed = 0;
CREATE INDEX job_failed ON job (created_at) WHERE failed = 1;

CREATE TABLE mail (
	id {pk},
	recipient TEXT NOT NULL,     -- sealed; emptied when the mail is erased
	recipient_hash TEXT NOT NULL, -- keyed hash: to stop writing to an address that bounces
	lang TEXT NOT NULL,
	purpose TEXT NOT NULL,       -- "sign-in", "proposal", "upkeep"...: what it is for, in the administrator's list
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	reply_to TEXT,
	state {int} NOT NULL,        -- 0 waiting, 1 sent, 2 refused for good, 3 kept here because no server is set, 4 bounced
	attempts {int} NOT NULL DEFAULT 0,
	error TEXT,
	created_at {int} NOT NULL,
	sent_at {int},
	erase_at {int} NOT NULL
){strict};
CREATE INDEX mail_state ON mail (state, id);
CREATE INDEX mail_erase ON mail (erase_at);
CREATE INDEX mail_recipient ON mail (recipient_hash, state);
