/*
 * Files that come packed (.gz), unpacked into another one: bounded, whatever they would become.
 */
#ifndef HTTP_GUNZIP_H
#define HTTP_GUNZIP_H

#include "../base/err.h"

/* True if the file begins as gzip does. */
bool gunzip_is(int fd);
/* Unpacks `from`, from its start, into `to`. E_LIMIT past `max` bytes, E_INVALID for what breaks off or is no gzip. */
MUST_USE enum err gunzip(int from, int to, int64_t max);

#endif
