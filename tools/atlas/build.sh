#!/bin/sh
# What Meson runs to make the atlas: the packages first, where they are missing. build.sh OUT ASM
set -eu
here=$(dirname "$0")
"$here/../../scripts/npm-install.sh"
exec node "$here/make.mjs" --out "$1" --asm "$2"
