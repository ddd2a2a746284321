/*
 * Certificates from PEM files, read again when they change, so that a renewed certificate needs no restart. Only tls.c
 * includes GnuTLS. One per process: the library's callback carries no pointer of ours.
 */
#ifndef HTTP_TLS_H
#define HTTP_TLS_H

#include "../base/err.h"
#include "../base/str.h"

/* Reads both files; E_INVALID with the cause logged. */
MUST_USE enum err tls_open(struct str cert, struct str key);
/* Reads them again if they changed, or anyway with `force`. On error the old certificate stays. */
MUST_USE enum err tls_reload(bool force);
void tls_close(void);
/* The callback for the server (a gnutls_certificate_retrieve_function2). */
void *tls_callback(void);
/* Versions and ciphers: TLS 1.2 and 1.3. */
const char *tls_priorities(void);
/* Sends bytes on a session that the server is about to cut; best effort. */
void tls_send(void *session, struct str bytes);

#endif
