/*
 * The operator's log: one line to standard error for each thing worth a look, with the time, the level and the number of
 * the request it happened in. It never holds personal data: no names, no mail or network addresses, no form contents; ids,
 * routes, counts and causes instead. Threads may log at once; a line is written whole.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdarg.h>

#include "base.h"

enum log_level {
	LEVEL_DEBUG,
	LEVEL_INFO,
	LEVEL_WARN,
	LEVEL_ERROR
};

/* Each writes one line; control characters in it are shown as '?', and what exceeds LIMIT_LOG_LINE is cut. */
void log_debug(const char *fmt, ...) PRINTF(1, 2);
void log_info(const char *fmt, ...) PRINTF(1, 2);
void log_warn(const char *fmt, ...) PRINTF(1, 2);
void log_error(const char *fmt, ...) PRINTF(1, 2);
void log_v(enum log_level level, const char *fmt, va_list ap) PRINTF(2, 0);

/* Lines below this level are dropped; LEVEL_INFO at start. */
void log_set_level(enum log_level level);

/* The number of the request or job this thread works on, shown in its lines; 0 for none. */
void log_set_request(uint64_t id);
uint64_t log_request(void);

/* Sends lines (without time, with their level, without line end) to `fn` instead of standard error; NULL goes back. */
void log_set_sink(void (*fn)(void *ctx, enum log_level level, const char *line), void *ctx);

#endif
