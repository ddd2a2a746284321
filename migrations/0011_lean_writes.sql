-- Each index is paid for at every write. What duplicate keys an object left follows from its document.
DROP INDEX dup_key_object;
