#!/bin/bash
# Every test, one suite after the other: test.sh [SUITE…]. Each suite ends with a line "N passed, M failed" (", K skipped"
# may follow); the last line here is their sum. A new suite is one more function suite_NAME.
set -u
cd "$(dirname "$0")/.."
build=${BUILD:-build}
# What compilers and tools say is compared: the same words and the same quotes whatever the language of this machine.
export LC_ALL=C.UTF-8
# nginx and the like are not in the path of an ordinary user of Debian.
export PATH=$PATH:/usr/sbin:/sbin

# A check that passes or fails as a whole.
one() {
	local name=$1
	shift
	if "$@" >"$tmp/one" 2>&1; then
		n_ok=$((n_ok + 1))
	else
		n_bad=$((n_bad + 1))
		echo "FAIL $name"
		sed 's/^/    /' "$tmp/one" | head -100
	fi
}

suite_tools() { tests/tools/run.sh "$build"; }
suite_rules() {
	local n_ok=0 n_bad=0 sources page
	sources=$(git ls-files 'src/*.c' 'src/*.h' 'src/*.sql' 'src/*.html' 'tools/*.c' 'tools/*.h' 'tools/*.sh' 'tests/*.c' 'tests/*.h' \
		'migrations/*.sql' 'scripts/*.sh' 'doc/*.md' ':!tests/tools/')
	one "layers" "$build/tools/layers" src
	one "house rules" "$build/tools/lint" tools/lint-exceptions.txt $sources
	for page in $(git ls-files 'src/*.html'); do
		one "words of $page" "$build/tools/tmplc" --words "$page"
	done
	one "npm packages for Debian's Node" node tests/tools/engines.mjs
	one "translations" tools/po-lint.sh "$build/tools/tmplc" $(sed -n "s/^  '\(.*\)',$/\1/p" po/meson.build)
	echo "$n_ok passed, $n_bad failed"
}
suite_fuzz() {
	local f name p=0 n
	for f in "$build"/tests/fuzz_*; do
		[ -x "$f" ] && [ -f "$f" ] || continue
		name=${f##*/fuzz_}
		set -- "tests/corpus/$name"
		[ ! -d "tests/tools/$name" ] || set -- "$@" "tests/tools/$name"
		n=$("$f" "$@" 2>&1) || { echo "FAIL $name"; echo "$n" | tail -30; echo "$p passed, 1 failed"; return; }
		p=$((p + $(echo "$n" | sed -n 's/^\([0-9]*\) passed.*/\1/p')))
	done
	echo "$p passed, 0 failed"
}
suite_demo() { node demo/check.mjs; }
suite_map() {
	BUILD=$build node --test --test-reporter=tap tests/map/ >"$tmp/map" 2>&1 || grep -E -A12 "^ *not ok" "$tmp/map"
	sed -n -E 's/^# (pass|fail|skipped) ([0-9]+)$/\1=\2/p' "$tmp/map" | {
		local pass=0 fail=1 skipped=0
		while IFS== read -r k v; do eval "$k=$v"; done
		echo "$pass passed, $fail failed, $skipped skipped"
	}
}
suite_design() { node tests/design/run.mjs; }
suite_man() {
	local n_ok=0 n_bad=0 page
	command -v mandoc >/dev/null || { echo "0 passed, 0 failed, 1 skipped"; return; }
	for page in doc/man/*.[15]; do
		one "mandoc $page" bash -c "! mandoc -Tlint $page 2>&1 | grep -v 'referenced manual not found' | grep '^mandoc: doc/'"
	done
	echo "$n_ok passed, $n_bad failed"
}
suite_browser() { BUILD=$build node tests/browser/run.mjs; }
suite_bad() { BUILD=$build node tests/bad/run.mjs; }
suite_calendars() { tests/calendars/run.sh "$build"; }
suite_commands() { tests/commands/run.sh "$build"; }
suite_proxy() { tests/proxy.sh "$build"; }
suite_exchange() { BUILD=$build node tests/exchange/run.mjs; }
suite_formats() { BUILD=$build node tests/formats/run.mjs; }
suite_unit() { "$build/tests/tests"; }

# The same tests with the compiler's watch on memory, undefined behaviour and threads: all of them on both engines, the
# commands and the bad days of the real program, what the fuzzers read. A report is a failure wherever it was made, in a
# server that a test started too.
suite_sanitize() {
	local kind dir reports n_ok=0 n_bad=0 n_skip=0 p f s
	for kind in asan tsan; do
		dir=build-$kind
		reports=$tmp/$kind
		mkdir "$reports"
		one "build $dir" nice make -s "$kind"
		for part in "$dir/tests/tests" "suite_bad" "suite_commands" "suite_fuzz"; do
			[ $kind = tsan ] && [[ $part = suite_commands || $part = suite_fuzz ]] && continue
			build=$dir \
				ASAN_OPTIONS=allow_user_segv_handler=0:detect_stack_use_after_return=1:strict_string_checks=1:log_path=$reports/asan \
				LSAN_OPTIONS=suppressions=$PWD/tests/lsan.supp:print_suppressions=0 \
				UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1:log_path=$reports/ubsan \
				TSAN_OPTIONS=suppressions=$PWD/tests/tsan.supp:second_deadlock_stack=1:log_path=$reports/tsan \
				$part >"$tmp/part" 2>&1
			grep -E -A12 "^(FAIL|CRASH)" "$tmp/part"
			read -r p f s < <(sed -n -E 's/^([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?.*/\1 \2 \4/p' "$tmp/part" | tail -1)
			[ -n "$p" ] || { echo "FAIL $part ($kind): ended without its sum"; tail -5 "$tmp/part"; f=1; }
			n_ok=$((n_ok + ${p:-0})) n_bad=$((n_bad + f)) n_skip=$((n_skip + ${s:-0}))
		done
		one "no report of $kind" bash -c "! cat $reports/* 2>/dev/null"
	done
	echo "$n_ok passed, $n_bad failed, $n_skip skipped"
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0 skipped=0
[ $# -gt 0 ] || set -- $(declare -F | sed -n 's/^declare -f suite_//p')
for suite; do
	echo "== $suite"
	"suite_$suite" 2>&1 | tee "$tmp/said"
	last=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$tmp/said" | tail -1)
	if [ -z "$last" ]; then
		echo "FAIL $suite: ended without its sum"
		failed=$((failed + 1))
		continue
	fi
	read -r p f s < <(echo "$last" | sed -E 's/^([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?.*/\1 \2 \4/')
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + ${s:-0}))
done
echo
[ $skipped -eq 0 ] && more= || more=", $skipped skipped"
echo "$passed passed, $failed failed$more"
[ $failed -eq 0 ]
