#!/bin/bash
# Explores with every fuzzer for some seconds each: fuzz.sh SECONDS [NAME…]. New inputs stay in build-fuzz/corpus; what
# crashes is kept in build-fuzz and belongs, made small, in tests/corpus.
set -eu
cd "$(dirname "$0")/.."
seconds=$1
shift
[ $# -gt 0 ] || set -- $(cd build-fuzz/tests && ls | sed -n 's/^fuzz_\([a-z0-9]*\)$/\1/p')
for name; do
	mkdir -p "build-fuzz/corpus/$name"
	log=build-fuzz/$name.log
	seeds=tests/corpus/$name
	[ ! -d "tests/tools/$name" ] || seeds="$seeds tests/tools/$name" # cases of the tools' own tests
	nice "build-fuzz/tests/fuzz_$name" -max_total_time="$seconds" -print_final_stats=1 -rss_limit_mb=2048 \
		-artifact_prefix="build-fuzz/$name-" "build-fuzz/corpus/$name" $seeds >"$log" 2>&1 || {
		tail -60 "$log"
		exit 1
	}
	echo "$name: $(sed -n 's/stat::number_of_executed_units: *//p' "$log") inputs, no failure"
done
