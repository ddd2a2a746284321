/*
 * A kind of object for tests: every type of field, every privacy, one table. "thing" and "club": things know clubs.
 */
#ifndef TESTS_UNIT_THING_H
#define TESTS_UNIT_THING_H

#include "../t.h"
#include "core/object.h"
#include "core/theme.h"
#include "entity/entity.h"
#include "entity/tree.h"

extern const struct entity thing_entity, club_entity;

/* Makes the kinds known, the world and three themes (housing > emergency, health) there. */
void thing_start(struct t *t);
/* A document from JSON, checked; fails the test when it has errors. */
struct doc thing_doc(struct t *t, const struct entity *e, const char *json);
/* A published object from JSON; its id in ob->id. */
struct object thing_save(struct t *t, const struct entity *e, const char *json);
extern const struct act thing_act;
/* A request of nobody, in French, on t->db; `who` may be changed. */
struct req *thing_req(struct t *t);

#endif
