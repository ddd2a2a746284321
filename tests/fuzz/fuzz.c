/*
 * The driver of all fuzzers: libFuzzer's entry when built for it, else a replay of a folder of inputs and of a fixed number
 * of mutations of each, the same in every run.
 */
#include "fuzz.h"

#include <dirent.h>

#include "base/log.h"

enum { MUTATIONS = 200, INPUT_MAX = 1 << 20 };

static void quiet(void *ctx, enum log_level level, const char *line)
{
	(void)ctx;
	(void)level;
	(void)line;
}

static void run(const char *p, size_t n)
{
	static struct mem *m;

	if (!m) {
		m = mem_open();
		log_set_sink(quiet, NULL);
	}
	/* A copy of just that size, so that the sanitizer sees a byte read past its end. */
	char *copy = malloc(n > 0 ? n : 1);
	PROMISE(copy);
	memcpy(copy, p, n);
	fuzz_one(m, (struct str){copy, n});
	mem_reset(m);
	free(copy);
}

#ifdef FUZZ
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	run((const char *)p, n);
	return 0;
}
#else
static uint64_t seed;

static size_t any(size_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(seed >> 33) % (below > 0 ? below : 1);
}

/* Cuts, flips, repeats or removes a little; `p` has room for twice its size. */
static size_t mutate(char *p, size_t n)
{
	static const char marks[] = "\0\xff\xc3{}[]<>&\"'\\/%:;,=-\r\n\t 0";
	size_t at = any(n), len = any(16);

	switch (any(5)) {
	case 0:
		return at;
	case 1:
		p[at] = (char)any(256);
		return n;
	case 2:
		p[at] = marks[any(sizeof(marks) - 1)];
		return n;
	case 3:
		len = len < n - at ? len : n - at;
		memmove(p + at, p + at + len, n - at - len);
		return n - len;
	default:
		len = len < n - at ? len : n - at;
		memmove(p + at + len, p + at, n - at);
		return n + len;
	}
}

static bool replay(const char *path)
{
	static char whole[INPUT_MAX], changed[2 * INPUT_MAX];
	FILE *f = fopen(path, "rb");

	if (!f) {
		return false;
	}
	size_t n = fread(whole, 1, sizeof(whole), f);
	fclose(f);
	run(whole, n);
	for (int i = 0; i < MUTATIONS; i++) {
		size_t len = n;
		memcpy(changed, whole, n);
		for (size_t times = 1 + any(4); times > 0 && len > 0 && len <= INPUT_MAX - 16; times--) {
			len = mutate(changed, len);
		}
		run(changed, len);
	}
	return true;
}

static void replay_all(const char *path, int *passed, int *failed)
{
	DIR *dir = opendir(path);

	if (!dir) {
		printf("FAIL %s\n", path);
		++*failed;
		return;
	}
	for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
		char file[600];
		if (e->d_name[0] == '.' || e->d_type == DT_DIR) {
			continue;
		}
		seed = str_hash(str_of(e->d_name));
		snprintf(file, sizeof(file), "%s/%s", path, e->d_name);
		if (replay(file)) {
			++*passed;
		} else {
			++*failed;
			printf("FAIL %s\n", file);
		}
	}
	closedir(dir);
}

int main(int argc, char **argv)
{
	int passed = 0, failed = 0;

	if (argc < 2) {
		fprintf(stderr, "usage: %s CORPUS…\n", argv[0]);
		return 64;
	}
	for (int i = 1; i < argc; i++) {
		replay_all(argv[i], &passed, &failed);
	}
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0 || passed == 0;
}
#endif
