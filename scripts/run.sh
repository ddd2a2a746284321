#!/bin/sh
# A living site from a fresh clone: installs what is missing, builds, loads the demonstration network and serves it.
set -eu
cd "$(dirname "$0")/.."
listen=${LISTEN:-127.0.0.1:8080}
scripts/install.sh build
scripts/npm-install.sh
make release
if [ ! -e data-demo/.loaded ]; then
	rm -rf data-demo
	build-release/maillage demo --data data-demo
	touch data-demo/.loaded
fi
echo "The demonstration network is at http://$listen (stop with Ctrl-C)"
exec build-release/maillage serve --data data-demo --listen "$listen" --base-url "http://$listen"
