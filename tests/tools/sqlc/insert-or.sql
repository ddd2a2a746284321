-- name: q :exec
INSERT OR IGNORE INTO event (slug, title, starts_at) VALUES ('a', 'b', 1);
