/*
 * A server with a small application, and a client that says what it wants: for tests of what goes over sockets.
 */
#ifndef TESTS_UNIT_HTTP_RIG_H
#define TESTS_UNIT_HTTP_RIG_H

#include "../t.h"

#include <pthread.h>
#include <stdatomic.h>

#include "http/internal.h"

#define BODY_MAX 1000

struct rig_app {
	atomic_int entered, left;
	pthread_mutex_t lock;
	pthread_cond_t cond;
	bool let_go;
	struct http_ready *kept;
	char file[256];
};

struct rig {
	struct rig_app app;
	struct http_server *s;
};

/* Lets the handler of /wait answer. */
void rig_let_go(struct rig_app *app);
/* Opens the server; what the configuration leaves out is chosen for tests. */
void rig_open(struct t *t, struct rig *rig, struct http_config cfg);
/* Stops it within two seconds. */
void rig_close(struct rig *rig);
/* A connection; -1 if refused. */
int rig_dial(struct rig *rig);
/* Sends it all; false when the other side has closed. */
bool rig_say(int fd, const char *p, size_t n);
/* All that comes until the other side closes. */
struct str rig_hear(struct t *t, int fd);
/* Sends and hears, on a connection of its own. */
struct str rig_ask_bytes(struct t *t, struct rig *rig, const char *p, size_t n);
/* The same with a text. */
struct str rig_ask(struct t *t, struct rig *rig, const char *text);
/* The status of an answer, 0 if it is none. */
int rig_status(struct str answer);
/* True if the words stand in it. */
bool rig_has(struct str s, const char *what);

#define SAY(fd, lit) rig_say((fd), lit, sizeof(lit) - 1)

#endif
