#!/bin/sh
# The typeface of headings, cut to the letters our Latin-script languages and most European names need: 12 KB instead of
# 27, so that a first visit stays light. Other letters fall back on the reader's own serif. build.sh OUT
set -eu
here=$(dirname "$0")
"$here/../../scripts/npm-install.sh"
letters="U+0020-0022,U+0025-003B,U+003F,U+0041-005A,U+0061-007A,U+00A0,U+00A1,U+00AA,U+00AB,U+00B0,U+00B7,U+00BA,U+00BB,U+00BF,\
U+00C0-00C5,U+00C7-00CF,U+00D1-00D6,U+00D8-00DC,U+00DF-00E5,U+00E7-00EF,U+00F1-00F6,U+00F8-00FC,U+00FF,U+0152,U+0153,\
U+2013,U+2014,U+2019,U+201C,U+201D,U+2026,U+202F,U+20AC"
exec /usr/bin/python3 -m fontTools.subset \
	"$here/../../node_modules/@fontsource/young-serif/files/young-serif-latin-400-normal.woff2" \
	--unicodes="$letters" --layout-features=kern,liga,lnum,ccmp --no-hinting --desubroutinize --name-IDs=0,1,2,13,14 \
	--flavor=woff2 --output-file="$1"
