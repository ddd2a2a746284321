-- A table; with a remark, and 'quotes'
CREATE TABLE a (id {pk}, n {int} NOT NULL, r {real}, b {blob}, t TEXT NOT NULL DEFAULT ';--') {strict};
CREATE INDEX a_n ON a (n) WHERE n > 0;
-- only: sqlite
CREATE TRIGGER a_t AFTER INSERT ON a BEGIN
  UPDATE a SET n = 1 WHERE id = new.id;
  DELETE FROM a WHERE n = 2;
END;
-- only: pg
CREATE FUNCTION f() RETURNS trigger AS $x$ begin new.n := 1; return new; end; $x$ LANGUAGE plpgsql;
INSERT INTO a (n, t) VALUES (1, 'it''s; {not} a word');
