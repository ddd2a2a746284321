CREATE TABLE a (id {pk}) {strict};

CREATE INDEX b ON a
 (nothing);
