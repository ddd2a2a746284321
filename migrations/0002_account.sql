-- People who sign in: as little as possible. The mail is sealed with the site's key (a copied file does not show it) and
-- found again by its keyed hash.

CREATE TABLE account (
	id {pk},
	mail TEXT NOT NULL,          -- sealed
	mail_hash TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	lang TEXT NOT NULL,
	role {int} NOT NULL,         -- enum role
	password TEXT,               -- Argon2id; NULL: signs in by mailed link only
	totp TEXT,                   -- sealed secret; NULL: none
	totp_step {int} NOT NULL DEFAULT 0, -- last code used, so that one serves once
	created_at {int} NOT NULL,
	seen_day {int} NOT NULL DEFAULT 0,  -- day of the last sign-in, for the retention of unused accounts
	closed {int} NOT NULL DEFAULT 0
){strict};

-- What a moderator looks after; no row: everything.
CREATE TABLE account_scope (
	account {int} NOT NULL,
	kind TEXT NOT NULL,          -- 'territory' or 'theme'
	value TEXT NOT NULL,
	PRIMARY KEY (account, kind, value)
){norowid};

-- What an editor edits.
CREATE TABLE account_object (
	account {int} NOT NULL,
	object {int} NOT NULL,
	since {int} NOT NULL,
	PRIMARY KEY (account, object)
){norowid};
CREATE INDEX account_object_object ON account_object (object);

CREATE TABLE session (
	token TEXT NOT NULL PRIMARY KEY, -- keyed hash of the cookie
	account {int} NOT NULL,
	created_at {int} NOT NULL,
	seen_at {int} NOT NULL,      -- rounded to the hour
	expires_at {int} NOT NULL,
	second_factor {int} NOT NULL DEFAULT 0,
	label TEXT NOT NULL          -- "Firefox, Linux": for the person's own list
){norowid};
CREATE INDEX session_account ON session (account, created_at);
CREATE INDEX session_expires ON session (expires_at);

-- Links that serve once: sign-in, first administrator, password reset.
CREATE TABLE once (
	token TEXT NOT NULL PRIMARY KEY, -- keyed hash
	purpose TEXT NOT NULL,
	account {int} NOT NULL,
	expires_at {int} NOT NULL
){norowid};
CREATE INDEX once_expires ON once (expires_at);

CREATE TABLE api_token (
	token TEXT NOT NULL PRIMARY KEY, -- keyed hash
	account {int} NOT NULL,
	label TEXT NOT NULL,
	created_at {int} NOT NULL
){norowid};
CREATE INDEX api_token_account ON api_token (account, created_at);
