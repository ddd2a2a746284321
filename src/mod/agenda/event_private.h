/*
 * The members of the event's table that are functions; nobody else includes it.
 */
#ifndef MOD_AGENDA_EVENT_PRIVATE_H
#define MOD_AGENDA_EVENT_PRIVATE_H

#include "../../job/job.h"
#include "event.h"

/* What crosses fields: the end after the start, a zone, hours that exist, a series that can be written out (event_rules.c). */
enum err event_check(struct form *f, struct req *rq, struct json *doc);
/* Consents are what the tables say, whatever was sent; a public event whose time or place moves is marked as changed. */
enum err event_prepare(struct db *db, struct mem *m, struct object *ob, const struct entity_save *s);
/* Occurrences, sequence, hosts asked; observers are told. */
enum err event_derive(struct db *db, struct mem *m, const struct object *ob, const struct entity_save *s);
/* "when": upcoming, past or undated. */
size_t event_terms(struct mem *m, const struct json *view, int64_t now, struct str (*out)[2], size_t max);

/* Which of enum event_change two documents differ by; names of the fields behind time, place and state in `fields`. */
unsigned event_changes(const struct json *a, const struct json *b, struct buf *fields);
/* Hosts (event_host.c). */
enum err event_hosts_prepare(struct db *db, struct mem *m, struct object *ob, const struct entity_save *s);
enum err event_hosts_derive(struct db *db, struct mem *m, const struct object *ob, const struct entity_save *s);

/* Asks by mail the actors that an event names and that have not been asked: the payload is the event's id. */
enum err event_job_invite(const struct job_ctx *ctx, const struct job *job);
/* Series go on being written out; what is over is listed as past. */
enum err event_job_horizon(const struct job_ctx *ctx, const struct job *job);

#endif
