#!/bin/sh
# Fails on sentences of the sources that are untranslated, fuzzy or missing in a language, and on translations that lose or
# invent a {piece}: po-lint.sh TMPLC DOMAIN…
set -eu
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."
tmplc=$1
shift
bad=0
pot=$(mktemp) said=$(mktemp)
trap 'rm -f "$pot" "$said"' EXIT
for domain; do
	tools/po-extract.sh "$domain" "$tmplc" >"$pot"
	[ -s "$pot" ] || continue
	for lang in ar es fr pt; do
		po=po/$domain/$lang.po
		[ -f "$po" ] || { echo "$po: missing"; bad=1; continue; }
		msgfmt -o /dev/null "$po" || bad=1
		msgcmp --no-fuzzy-matching "$po" "$pot" >"$said" 2>&1 || { bad=1; grep -v 'warning: ' "$said" || :; }
		msgcat --no-wrap "$po" | awk -v po="$po" '
			function pieces(s,   list, n, i, j, x) {
				n = 0
				while (match(s, /\{\/?[a-z0-9_]+\}/)) {
					x = substr(s, RSTART, RLENGTH); s = substr(s, RSTART + RLENGTH)
					for (i = 0; i < n && list[i] != x; i++);
					if (i == n) list[n++] = x
				}
				for (i = 1; i < n; i++)
					for (j = i; j > 0 && list[j] < list[j - 1]; j--) { x = list[j]; list[j] = list[j - 1]; list[j - 1] = x }
				s = ""
				for (i = 0; i < n; i++) s = s list[i]
				return s
			}
			function text(s) { sub(/^[^"]*"/, "", s); sub(/"$/, "", s); return s }
			function done() {
				if (id != "" && str != "" && !plural && pieces(id) != pieces(str)) {
					print po ": pieces differ: " id " / " str; bad = 1
				}
				id = str = ""; plural = 0
			}
			/^msgid / { done(); at = "id"; id = text($0); next }
			/^msgid_plural / { plural = 1; at = ""; next }
			/^msgstr / { at = "str"; str = text($0); next }
			/^msgstr\[/ || /^msgctxt/ { at = ""; next }
			/^"/ { if (at == "id") id = id text($0); else if (at == "str") str = str text($0) }
			END { done(); exit bad }' || bad=1
	done
done
# One sentence has one translation: catalogues are merged, and the first would win in silence.
for lang in ar es fr pt; do
	if msgcat --no-wrap po/*/$lang.po | grep -B3 '^"#-#-#-#-#' | grep '^msgid'; then
		echo "po/*/$lang.po: translated in two ways"
		bad=1
	fi
done
exit $bad
