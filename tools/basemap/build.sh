#!/bin/sh
# What Meson runs: the packages first, where they are missing, then one of our makers. build.sh MAKER.mjs OUT… [-- options]
# The tiles take half a minute and are the same for every build folder, so they are kept (XDG_CACHE_HOME) under the hash of what
# makes them.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
"$here/../../scripts/npm-install.sh"
maker=$1
shift
if [ "$maker" != make.mjs ]; then
	exec node "$here/$maker" "$@"
fi
out=$1
cache=${XDG_CACHE_HOME:-$HOME/.cache}/maillage
key=$(cat "$here"/*.mjs "$here"/*.tsv "$here/../atlas/departements.tsv" "$here/../../package-lock.json" | sha256sum | cut -c1-20)
kept="$cache/basemap-$key.pmtiles"
if [ ! -f "$kept" ]; then
	mkdir -p "$cache"
	node "$here/make.mjs" --out "$kept.$$"
	mv "$kept.$$" "$kept"
	# Only the two newest are worth their place.
	ls -t "$cache"/basemap-*.pmtiles | tail -n +3 | xargs -r rm -f
fi
cp "$kept" "$out"
