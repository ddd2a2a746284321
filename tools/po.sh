#!/bin/sh
# Makes one language's catalogue: po.sh OUT.mo LANG [FILE.po…]. A sentence that several folders have is taken from the first.
set -eu
export LC_ALL=C.UTF-8
out=$1 lang=$2
shift 2
case $lang in
fr) plural='nplurals=2; plural=(n > 1);' ;;
es) plural='nplurals=2; plural=(n != 1);' ;;
pt) plural='nplurals=2; plural=(n != 1);' ;;
ar) plural='nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);' ;;
*) echo "po.sh: unknown language $lang" >&2; exit 1 ;;
esac
head=$(mktemp)
trap 'rm -f "$head"' EXIT
printf 'msgid ""\nmsgstr ""\n"Language: %s\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n' "$lang" >"$head"
printf '"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: %s\\n"\n' "$plural" >>"$head"
if [ "$out" = --header ]; then
	cat "$head"
	exit
fi
msgcat --force-po --use-first --to-code=UTF-8 "$head" "$@" | msgfmt --no-hash --endianness=little -o "$out" -
