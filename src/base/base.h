/*
 * The words every file uses: attributes, counts, checked sizes. Includes nothing of ours; owns nothing.
 */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define NORETURN __attribute__((noreturn))

/* Number of elements of a real array. */
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A pointer and a count, for tables in descriptors: .routes = TABLE(routes). */
#define TABLE(a) (a), COUNT(a)

/* Marks a string for translation where it is declared; it is looked up where it is shown. */
#define N_(s) s

#include "../banned.h"

#endif
