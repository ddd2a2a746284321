#!/bin/sh
# Installs from Debian what is missing: `install.sh build` for building and running, `install.sh test` for all tests too.
# Run as root or with sudo at hand. Does nothing, quickly, when all is there.
set -eu

build="gcc make meson ninja-build pkg-config gettext ca-certificates
 libmicrohttpd-dev libgnutls28-dev libsqlite3-dev libpq-dev libcurl4-openssl-dev libsodium-dev libssl-dev libicu-dev
 libstemmer-dev libcmark-gfm-dev libcmark-gfm-extensions-dev libxml2-dev libutf8proc-dev libvips-dev
 libqrencode-dev libcairo2-dev libpango1.0-dev fonts-noto-core zlib1g-dev libbrotli-dev tzdata python3-fonttools python3-brotli"
tests="postgresql python3-aiosmtpd khal python3-icalendar python3-recurring-ical-events python3-feedparser libxml2-utils clang libclang-rt-14-dev clang-format clang-tidy nginx-light wrk caddy chromium mandoc default-jre-headless curl procps openssl poppler-utils"

want=$build
[ "${1:-build}" = test ] && want="$build $tests"
# Node may have come another way than Debian's packages (it builds the maps, the territories and runs the browser tests).
command -v node >/dev/null 2>&1 || want="$want nodejs"
command -v npm >/dev/null 2>&1 || want="$want npm"

missing=
for p in $want; do
	dpkg-query -W -f '${db:Status-Status}\n' "$p" 2>/dev/null | grep -qx installed || missing="$missing $p"
done
[ -z "$missing" ] && exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null 2>&1 || {
		echo "install.sh: as root, please install:$missing" >&2
		exit 69
	}
	as_root=sudo
fi
echo "Installing:$missing"

# The tests start nginx, Caddy and PostgreSQL themselves, on ports and sockets of their own. As services of this machine they would
# open port 80 to the world: those that come now are neither started nor switched on. Debian asks policy-rc.d about that.
servers=
for s in nginx caddy postgresql; do
	case "$missing " in *" $s"[-\ ]*) servers="$servers $s" ;; esac
done
policy=/usr/sbin/policy-rc.d
if [ -n "$servers" ] && [ ! -e "$policy" ]; then
	trap 'exit 130' INT TERM
	trap '$as_root rm -f "$policy"' EXIT
	printf '#!/bin/sh\nexit 101\n' | $as_root sh -c "cat >$policy && chmod 755 $policy"
fi

# A machine that has just started may be busy with its own updates: wait for them. Debian's scripts want a language there is.
wait="-o DPkg::Lock::Timeout=600"
$as_root apt-get update -q $wait
$as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get install -q -y --no-install-recommends $wait $missing
if [ -d /run/systemd/system ]; then
	for s in $servers; do
		$as_root systemctl disable --now "$s" >/dev/null 2>&1 || echo "install.sh: $s could not be switched off" >&2
	done
fi
