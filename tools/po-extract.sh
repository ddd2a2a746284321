#!/bin/sh
# The sentences of one folder of src/, as a .pot on standard output: po-extract.sh DOMAIN TMPLC. A domain is the name of a
# folder: core is src/core, directory is src/mod/directory. Templates are compiled first, and their #line makes the
# references point at the .html files.
set -eu
export LC_ALL=C.UTF-8
domain=$1 tmplc=$2
dir=src/mod/$domain
[ -d "$dir" ] || dir=src/$domain
[ -d "$dir" ] || { echo "po-extract: there is no folder src/$domain or src/mod/$domain" >&2; exit 1; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
: >"$tmp/list"
for f in $(find "$dir" -name '*.html' | LC_ALL=C sort); do
	c=$tmp/$(echo "$f" | tr / _).c
	"$tmplc" "$f" "$c" "$tmp/x.h"
	echo "$c" >>"$tmp/list"
done
find "$dir" -name '*.[ch]' | LC_ALL=C sort >>"$tmp/list"
xgettext --from-code=UTF-8 --language=C --no-wrap --add-location=file --add-comments=TRANSLATORS \
	--keyword --keyword=N_ --keyword=T_:2 --keyword=TC_:2c,3 --keyword=TN_:2,3 --keyword=T:2 --keyword=T_fmt:2 \
	--keyword=tr:2 --keyword=tr_n:2,3 --keyword=tr_c:2c,3 --keyword=NC_:1c,2 \
	--files-from="$tmp/list" -o "$tmp/out.pot" 2>"$tmp/said" || { cat "$tmp/said" >&2; exit 1; }
# Of the header only the character set stays; with --omit-header xgettext drops every letter that is not ASCII.
[ ! -f "$tmp/out.pot" ] || sed -e '/^#, c-format$/d' -e 's/^#, c-format, /#, /' -e 's/charset=CHARSET/charset=UTF-8/' \
	-e '1,/^$/{/^#/d;/^"\(Project-Id\|Report\|POT-\|PO-Rev\|Last-T\|Language\)/d}' "$tmp/out.pot"
