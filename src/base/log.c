/*
 * The log. A line is put together on the stack and written by one call, so that threads and processes do not mix theirs.
 */
#include "log.h"

#include <unistd.h>

#include "limits.h"

static enum log_level least = LEVEL_INFO;
static void (*sink)(void *ctx, enum log_level level, const char *line);
static void *sink_ctx;
static _Thread_local uint64_t request;

static const char *const level_names[] = {"debug", "info", "warn", "error"};

void log_set_level(enum log_level level)
{
	least = level;
}

void log_set_request(uint64_t id)
{
	request = id;
}

uint64_t log_request(void)
{
	return request;
}

void log_set_sink(void (*fn)(void *ctx, enum log_level level, const char *line), void *ctx)
{
	sink = fn;
	sink_ctx = ctx;
}

/* One line stays one line, whatever came from outside into it. */
static size_t tame(char *line, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f) {
			line[i] = '?';
		}
	}
	return n;
}

static void write_whole(const char *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(STDERR_FILENO, p, n);

		if (done <= 0) {
			return;
		}
		p += done;
		n -= (size_t)done;
	}
}

void log_v(enum log_level level, const char *fmt, va_list ap)
{
	char line[LIMIT_LOG_LINE + 2];
	struct timespec now;
	struct tm tm;
	size_t n = 0;
	int got;

	if (level < least) {
		return;
	}
	if (sink == NULL) {
		clock_gettime(CLOCK_REALTIME, &now);
		gmtime_r(&now.tv_sec, &tm);
		n = strftime(line, 40, "%Y-%m-%dT%H:%M:%S", &tm);
		n += (size_t)snprintf(line + n, 64, ".%03ldZ %s ", now.tv_nsec / 1000000, level_names[level]);
		if (request != 0) {
			n += (size_t)snprintf(line + n, 32, "#%llu ", (unsigned long long)request);
		}
	}
	got = vsnprintf(line + n, sizeof(line) - 1 - n, fmt, ap);
	if (got > 0) {
		size_t room = sizeof(line) - 2 - n;

		n += tame(line + n, (size_t)got < room ? (size_t)got : room);
	}
	line[n] = '\0';
	if (sink != NULL) {
		sink(sink_ctx, level, line);
		return;
	}
	line[n++] = '\n';
	write_whole(line, n);
}

#define LOG_AT(level)                      \
	va_list ap;                        \
	va_start(ap, fmt);                 \
	log_v(level, fmt, ap);             \
	va_end(ap)

void log_debug(const char *fmt, ...)
{
	LOG_AT(LEVEL_DEBUG);
}

void log_info(const char *fmt, ...)
{
	LOG_AT(LEVEL_INFO);
}

void log_warn(const char *fmt, ...)
{
	LOG_AT(LEVEL_WARN);
}

void log_error(const char *fmt, ...)
{
	LOG_AT(LEVEL_ERROR);
}
