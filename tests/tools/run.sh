#!/bin/bash
# Tests of the build tools: run.sh [--bless] [BUILD]. A case is a file and what is to come of it:
#   x.expected   the tool succeeds and writes this (and what it writes compiles)
#   x.refused    the tool fails with this message
#   x.nocompile  the tool succeeds and gcc refuses what it wrote, with this in the message
# --bless rewrites .expected and .refused from what the tools do now, for review.
set -u
shopt -s nullglob
cd "$(dirname "$0")"
bless=
[ "${1:-}" = --bless ] && { bless=1; shift; }
tools=$(cd "../../${1:-build}" && pwd)/tools
root=$(cd ../.. && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0
cc="${CC:-gcc} -std=gnu17 -D_GNU_SOURCE -fsyntax-only -Wall -Wextra -Werror -Wmissing-prototypes -I$root/src -I$tmp -I$PWD/tmplc"

ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "FAIL $1"; [ ! -s "$tmp/why" ] || sed 's/^/    /' "$tmp/why" | head -20; }

# matches CASE WANTED GOT: compares, or blesses
matches() {
	if [ -n "$bless" ]; then
		cp "$3" "$2"
		ok
	elif diff -u "$2" "$3" >"$tmp/why"; then
		ok
	else
		bad "$1"
	fi
}

# check CASE COMMAND…: the command writes to $tmp/got, its messages to $tmp/said
check() {
	local case=$1
	shift
	: >"$tmp/got"
	"$@" >"$tmp/out" 2>"$tmp/said"
	local rc=$?
	cp "$tmp/said" "$tmp/why"
	if [ -e "$case.refused" ]; then
		[ $rc -eq 1 ] && matches "$case" "$case.refused" "$tmp/said" || { [ $rc -eq 1 ] || bad "$case: not refused ($rc)"; }
	elif [ $rc -ne 0 ]; then
		bad "$case: refused"
	elif [ -e "$case.nocompile" ]; then
		if $cc "$tmp/x.c" >"$tmp/why" 2>&1; then
			bad "$case: compiles"
		elif grep -qF "$(cat "$case.nocompile")" "$tmp/why"; then
			ok
		else
			bad "$case: another message"
		fi
	elif [ -e "$case.expected" ]; then
		matches "$case" "$case.expected" "$tmp/got"
		for c in "$tmp"/*.c; do
			$cc "$c" >"$tmp/why" 2>&1 || bad "$case: does not compile"
		done
	else
		bad "$case: nothing is expected of it"
	fi
	rm -f "$tmp"/*.c "$tmp"/*.h
}

template() { "$tools/tmplc" "$1" "$tmp/x.c" "$tmp/x.h" && cat "$tmp/x.c" >"$tmp/got"; }
words() { "$tools/tmplc" --words "$1"; }
queries() { "$tools/sqlc" "$tmp" sqlc/0001_base.sql "$1" && cat "$tmp/${1##*/}.h" "$tmp/${1##*/}.c" "$tmp/sql_table.c" >"$tmp/got"; }
migration() { "$tools/sqlc" "$tmp" "$1" && cat "$tmp/sql_table.c" >"$tmp/got"; }
tree() { (cd "$1" && "$tools/layers" src); }
rules() { (cd "$1" && "$tools/lint" exceptions $(find src -type f | LC_ALL=C sort)); }
packed() { (cd "$1" && "$tools/embed" assets "$tmp/a.S" "$tmp/a.c" "$tmp/a.bin" $(find . -type f | LC_ALL=C sort)) && sed -n '/\.\(name\|path\|mime\)/p' "$tmp/a.c" >"$tmp/got"; }

for f in tmplc/*.html; do check "$f" template "$f"; done
for f in words/*.html; do check "$f" words "$f"; done
for f in sqlc/[a-z]*.sql; do check "$f" queries "$f"; done
for f in sqlc/migrations/*/0001_*.sql; do check "${f%/*}" migration "$f"; done
for d in layers/*/; do check "${d%/}" tree "$d"; done
for d in lint/*/; do check "${d%/}" rules "$d"; done
for d in embed/*/; do check "${d%/}" packed "$d"; done

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
