CREATE TABLE a (id {pk});
