-- Codes that stand in for a lost telephone, each once; and when somebody whose account lay unused was told that it will be erased.
CREATE TABLE account_recovery (
	account {int} NOT NULL,
	code TEXT NOT NULL, -- keyed hash
	PRIMARY KEY (account, code)
){norowid};

ALTER TABLE account ADD COLUMN warned_day {int} NOT NULL DEFAULT 0;
