/*
 * Hands one message to a mail server: SMTP with STARTTLS, implicit TLS (smtps) and authentication, through libcurl.
 * Knows nothing of queues. Blocking: jobs only.
 */
#ifndef HTTP_SMTP_H
#define HTTP_SMTP_H

#include "../base/err.h"
#include "../base/str.h"

struct smtp_server {
	struct str url;      /* "smtp://host:587" (STARTTLS required unless `plain`) or "smtps://host:465" */
	struct str user;     /* empty: no authentication */
	struct str password;
	bool plain;          /* no TLS: for a server on this machine only */
	struct str ca_file;  /* empty: the system's certificates */
};

struct smtp_result {
	int code;            /* the server's last answer: 250, 550...; 0 when none came */
	struct str error;    /* for the administrator; without the recipient */
};

/* OK: taken by the server. E_REMOTE: not now, try again. E_INVALID: refused for good (5xx for this recipient or message). */
MUST_USE enum err smtp_send(struct mem *m, const struct smtp_server *server, struct str from, struct str to, struct str message,
			    struct smtp_result *out);

#endif
