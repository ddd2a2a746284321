CREATE TABLE a (id {pk}, x {text}) {strict};
