/*
 * Names of errors, and where their detail goes: the log, at a level that fits who is to act on it.
 */
#include "err.h"

#include "log.h"

static const struct {
	const char *name;
	enum log_level level;
} errs[] = {
	[OK] = {"OK", LEVEL_DEBUG},
	[E_NOTFOUND] = {"E_NOTFOUND", LEVEL_DEBUG},
	[E_DENIED] = {"E_DENIED", LEVEL_INFO},
	[E_LOGIN] = {"E_LOGIN", LEVEL_DEBUG},
	[E_INVALID] = {"E_INVALID", LEVEL_DEBUG},
	[E_CONFLICT] = {"E_CONFLICT", LEVEL_INFO},
	[E_LIMIT] = {"E_LIMIT", LEVEL_INFO},
	[E_BUSY] = {"E_BUSY", LEVEL_WARN},
	[E_REMOTE] = {"E_REMOTE", LEVEL_WARN},
	[E_IO] = {"E_IO", LEVEL_ERROR},
	[E_DB] = {"E_DB", LEVEL_ERROR},
	[E_BUG] = {"E_BUG", LEVEL_ERROR},
};

const char *err_name(enum err e)
{
	if ((size_t)e >= COUNT(errs)) {
		return "E_?";
	}
	return errs[e].name;
}

enum err fail(enum err e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_v((size_t)e < COUNT(errs) ? errs[e].level : LEVEL_ERROR, fmt, ap);
	va_end(ap);
	return e;
}

enum err fail_aloud(enum err e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_v(LEVEL_ERROR, fmt, ap);
	va_end(ap);
	return e;
}
