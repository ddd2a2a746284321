#!/bin/sh
# Installs the npm packages of package-lock.json that the build and the tests read (nothing of them runs on a server).
# Does nothing, quickly, when they are there and the lock has not changed. Several builds may call it at once.
set -eu
cd "$(dirname "$0")/.."
stamp=node_modules/.lock-seen
fresh() {
	[ -f "$stamp" ] && cmp -s package-lock.json "$stamp"
}
fresh && exit 0
if ! command -v npm >/dev/null 2>&1; then
	echo "npm-install.sh: npm is missing; scripts/install.sh installs it" >&2
	exit 69
fi
exec 9<package-lock.json
flock 9
fresh && exit 0
# The lock names no download addresses, so that any mirror of the registry serves.
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --omit-lockfile-registry-resolved
cp package-lock.json "$stamp"
