/*
 * What we do not call, as compile errors that name the remedy. Foreign headers are included before this one
 * where they use these names themselves.
 */
#ifndef BANNED_H
#define BANNED_H

#include <stdio.h>
#include <string.h>
#include <time.h>

#undef strcpy
#define strcpy(a, b) banned_strcpy_use_str_or_buf
#undef strcat
#define strcat(a, b) banned_strcat_use_buf
#undef strncpy
#define strncpy(a, b, n) banned_strncpy_use_memcpy
#undef strncat
#define strncat(a, b, n) banned_strncat_use_buf
#undef sprintf
#define sprintf(...) banned_sprintf_use_buf_fmt
#undef vsprintf
#define vsprintf(a, b, c) banned_vsprintf_use_buf_vfmt
#undef strtok
#define strtok(a, b) banned_strtok_use_str_cut
#undef localtime
#define localtime(a) banned_localtime_use_base_time
#undef gmtime
#define gmtime(a) banned_gmtime_use_base_time
#undef ctime
#define ctime(a) banned_ctime_use_base_time
#undef asctime
#define asctime(a) banned_asctime_use_base_time

#endif
