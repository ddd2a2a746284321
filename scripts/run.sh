#!/bin/sh
# A living site from a fresh clone: installs what is missing, builds, loads the demonstration network and serves it. LISTEN and
# DATA say where (127.0.0.1:8080 and ./data).
set -eu
cd "$(dirname "$0")/.."
listen=${LISTEN:-127.0.0.1:8080}
data=${DATA:-data}
make --no-print-directory release
build-release/maillage demo --data "$data"
echo "The demonstration network is at http://$listen (stop with Ctrl-C)"
exec build-release/maillage serve --data "$data" --listen "$listen" --base-url "http://$listen"
