#!/bin/sh
# Brings po/DOMAIN/{fr,es,pt,ar}.po up to date with the sources: po-update.sh DOMAIN… (or all domains of po/meson.build).
# New sentences come in untranslated; sentences that are gone go. Then translate what is empty: `make lint` counts them.
set -eu
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."
build=${BUILD:-build}
[ $# -gt 0 ] || set -- $(sed -n "s/^  '\(.*\)',$/\1/p" po/meson.build)
pot=$(mktemp)
trap 'rm -f "$pot"' EXIT
for domain; do
	tools/po-extract.sh "$domain" "$build/tools/tmplc" >"$pot"
	mkdir -p "po/$domain"
	for lang in ar es fr pt; do
		po=po/$domain/$lang.po
		[ -f "$po" ] || tools/po.sh --header "$lang" >"$po"
		msgmerge --quiet --no-fuzzy-matching --no-wrap --update --backup=none "$po" "$pot"
		msgattrib --no-obsolete --no-wrap -o "$po" "$po"
		echo "$po: $(msgattrib --untranslated "$po" | grep -c '^msgid' || true) to translate"
	done
	grep -q "^  '$domain',$" po/meson.build || echo "add '$domain' to the list in po/meson.build"
done
