-- Events
CREATE TABLE place (id {pk}, name TEXT NOT NULL, lat {real} NOT NULL, lon {real}) {strict};
CREATE TABLE event (id {pk}, slug TEXT NOT NULL UNIQUE, title TEXT NOT NULL, starts_at {int} NOT NULL,
  place_id {int} REFERENCES place(id), body {blob}) {strict};
-- only: sqlite
CREATE VIRTUAL TABLE fts USING fts5(t);
-- only: sqlite
CREATE TRIGGER ev AFTER INSERT ON event BEGIN
  INSERT INTO fts(t) VALUES (new.title);
END;
-- only: pg
CREATE FUNCTION f() RETURNS int AS $$ begin; return 1; end; $$ LANGUAGE plpgsql;
