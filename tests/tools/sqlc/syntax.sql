-- name: q :exec
DELETE FORM event;
