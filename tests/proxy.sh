#!/bin/bash
# The examples of doc/examples, tried on loopback: nginx and Caddy in front of maillage serve, units of systemd read by it, and the
# program by itself as an operator meets it (signals, settings file, exit statuses). proxy.sh BUILD; ends with the line of its sum.
set -u
cd "$(dirname "$0")/.."
build=${1:-build}
maillage=$PWD/$build/maillage
dir=$(mktemp -d)
passed=0 failed=0 skipped=0
pids=()
trap 'for p in "${pids[@]}"; do kill "$p" 2>/dev/null; done; wait 2>/dev/null; rm -rf "$dir"' EXIT

ok() { passed=$((passed + 1)); }
bad() {
	failed=$((failed + 1))
	echo "FAIL proxy: $1"
	[ $# -lt 2 ] || printf '%s\n' "$2" | head -20 | sed 's/^/    /'
}
# has NAME TEXT PATTERN
has() { if grep -qE -- "$3" <<<"$2"; then ok; else bad "$1: no $3" "$2"; fi; }
lacks() { if grep -qE -- "$3" <<<"$2"; then bad "$1: $3" "$2"; else ok; fi; }
is() { if [ "$2" = "$3" ]; then ok; else bad "$1: $2 instead of $3"; fi; }

# A free port of this machine.
port() {
	local p
	for p in $(shuf -i 20000-32000 -n 50); do
		(exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null || { echo "$p"; return; }
	done
}
# Waits until a command holds, at most ten seconds.
until_holds() {
	local i
	for i in $(seq 200); do
		"$@" >/dev/null 2>&1 && return
		read -rt 0.05 <> <(:)
	done
	bad "never held: $*"
	return 1
}

# ---- the program by itself ----

"$maillage" >/dev/null 2>&1; is "without a command" $? 64
"$maillage" frobnicate >/dev/null 2>&1; is "unknown command" $? 64
"$maillage" serve --frobnicate >/dev/null 2>&1; is "unknown option" $? 64
"$maillage" serve --listen >/dev/null 2>&1; is "missing value" $? 64
"$maillage" serve operand >/dev/null 2>&1; is "operand" $? 64
has "help" "$("$maillage" --help)" '^  serve '
has "help of serve" "$("$maillage" serve --help)" '--tls-cert FILE'
"$maillage" serve --data /proc/nowhere >/dev/null 2>&1; is "a place where nothing can be written" $? 73
mkdir "$dir/conf"
echo 'no-such-key = 1' >"$dir/conf/maillage.conf"
said=$("$maillage" serve --data "$dir/conf" 2>&1); is "a wrong settings file" $? 65
has "a wrong settings file" "$said" 'maillage.conf:1: there is no key "no-such-key"'
said=$("$maillage" serve --data "$dir/tls" --tls-cert "$dir/none.pem" 2>&1); is "no certificate" $? 73
has "no certificate" "$said" 'certificate files: No such file'
said=$("$maillage" serve --data "$dir/tls" --listen "127.0.0.1:$(port)" --trusted-proxy nonsense 2>&1); is "not a proxy's address" $? 65
has "not a proxy's address" "$said" '"nonsense" is not an address'
own=$(port)
printf '# where\nlisten = 127.0.0.1:%s\nworkers = 2\n' "$own" >"$dir/conf/maillage.conf"
"$maillage" serve --data "$dir/conf" >"$dir/own" 2>&1 &
pids+=($!) pid=$!
until_holds curl -fs "http://127.0.0.1:$own/health"
has "first start" "$(cat "$dir/own")" 'Open this link to become the administrator'
has "first start" "$(cat "$dir/own")" "http://127.0.0.1:$own/fr/"
"$maillage" serve --data "$dir/conf" >"$dir/second" 2>&1
is "a port in use" $? 73
# Forwarded headers of anybody are not believed.
has "not a proxy" "$(curl -si -H 'X-Forwarded-Proto: https' "http://127.0.0.1:$own/health")" '^HTTP/1.1 200'
lacks "not a proxy" "$(curl -si -H 'X-Forwarded-Proto: https' "http://127.0.0.1:$own/health")" 'Strict-Transport'
kill -HUP "$pid"
has "after reload" "$(curl -s "http://127.0.0.1:$own/health")" '"status":"ok"'
kill -TERM "$pid"
wait "$pid"
is "stopped" $? 0

# ---- nginx ----

sock=$dir/maillage.sock
if command -v nginx >/dev/null && command -v openssl >/dev/null; then
	http=$(port) https=$(port)
	mkdir "$dir/ng" "$dir/data"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=maillage.example.org \
		-keyout "$dir/ng/privkey.pem" -out "$dir/ng/fullchain.pem" 2>/dev/null
	"$maillage" serve --data "$dir/data" --listen none --unix "$sock" --base-url https://maillage.example.org >"$dir/out" 2>&1 &
	pids+=($!) pid=$!
	{
		echo "pid $dir/ng/pid; error_log $dir/ng/error; daemon off; events {} http {"
		for p in client_body proxy fastcgi uwsgi scgi; do echo "${p}_temp_path $dir/ng/$p;"; done
		sed -e "s|/run/maillage/maillage.sock|$sock|" -e "/\[::\]/d" -e "s|listen 80;|listen 127.0.0.1:$http;|" \
			-e "s|listen 443 |listen 127.0.0.1:$https |" -e "s|/etc/letsencrypt/live/maillage.example.org|$dir/ng|" \
			doc/examples/nginx.conf
		echo "}"
	} >"$dir/ng/nginx.conf"
	[ "$(id -u)" != 0 ] || sed -i '1s/^/user root; /' "$dir/ng/nginx.conf"
	nginx -e "$dir/ng/error" -c "$dir/ng/nginx.conf" 2>"$dir/ng/said" &
	pids+=($!) ngpid=$!
	front() { curl -sik --resolve "maillage.example.org:$https:127.0.0.1" "$@"; }
	at=https://maillage.example.org:$https
	until_holds front -f "$at/health"
	said=$(front "$at/health")
	has "nginx" "$said" '^HTTP/2 200'
	has "nginx: visitors use https" "$said" '[Ss]trict-[Tt]ransport-[Ss]ecurity: max-age'
	has "nginx: to https" "$(curl -si -H 'Host: maillage.example.org' "http://127.0.0.1:$http/fr/")" '^HTTP/1.1 301'
	said=$(front "$at/fr/nothing-here")
	has "nginx: pages" "$said" '^HTTP/2 404'
	has "nginx: the address that visitors use" "$(front "$at/en/territories")" 'https://maillage.example.org/fr/territories'
	has "nginx: cookies" "$(front "$at/language/es")" '[Ss]et-[Cc]ookie: lang=es;.*Secure'
	# What a visitor claims is not passed on: /metrics is for this machine alone.
	has "nginx: figures stay inside" "$(front -H 'X-Forwarded-For: 127.0.0.1' -H 'Forwarded: for=127.0.0.1' "$at/metrics")" '^HTTP/2 404'
	has "nginx: compressed once" "$(front -H 'Accept-Encoding: br' "$at/assets/site.css" -o /dev/null -D -)" 'content-encoding: br'
	has "nginx: traversal" "$(front --path-as-is "$at/assets/%2e%2e%2fmaillage.db")" '^HTTP/2 400'
	kill -QUIT "$ngpid"
	kill -TERM "$pid"
	wait "$pid"
	is "nginx: stopped" $? 0
else
	skipped=$((skipped + 1))
fi

# ---- Caddy ----

if command -v caddy >/dev/null; then
	front=$(port) back=$(port)
	mkdir -p "$dir/data" "$dir/caddy"
	"$maillage" serve --data "$dir/data" --listen "127.0.0.1:$back" --trusted-proxy 127.0.0.1 \
		--base-url https://maillage.example.org >"$dir/out" 2>&1 &
	pids+=($!)
	{
		printf '{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n\tlocal_certs\n\thttp_port %s\n\thttps_port %s\n}\n' "$(port)" "$front"
		sed -e "s|127.0.0.1:8080|127.0.0.1:$back|" doc/examples/Caddyfile
	} >"$dir/caddy/Caddyfile"
	HOME=$dir/caddy XDG_DATA_HOME=$dir/caddy XDG_CONFIG_HOME=$dir/caddy caddy run --config "$dir/caddy/Caddyfile" --adapter caddyfile >"$dir/caddy/said" 2>&1 &
	pids+=($!)
	visit() { curl -sik --resolve "maillage.example.org:$front:127.0.0.1" "$@"; }
	at=https://maillage.example.org:$front
	until_holds visit -f "$at/health" || tail -5 "$dir/caddy/said"
	said=$(visit -H 'X-Forwarded-For: 192.0.2.1' -H 'Forwarded: for=192.0.2.1;proto=http' "$at/health")
	has "Caddy" "$said" '^HTTP/2 200'
	has "Caddy: visitors use https" "$said" '[Ss]trict-[Tt]ransport-[Ss]ecurity: max-age'
	has "Caddy: a page" "$(visit "$at/en/territories")" 'https://maillage.example.org/fr/territories'
	has "Caddy: compressed once" "$(visit -H 'Accept-Encoding: br' "$at/assets/site.css" -o /dev/null -D -)" 'content-encoding: br'
else
	skipped=$((skipped + 1))
fi

# ---- systemd and the settings file ----

"$maillage" check --data "$dir/data" --config doc/examples/maillage.conf >/dev/null 2>&1; is "the settings of the examples" $? 0
if command -v systemd-analyze >/dev/null; then
	mkdir "$dir/units"
	for unit in doc/examples/*.service doc/examples/*.timer; do
		sed "s|/usr/local/bin/maillage|$maillage|" "$unit" >"$dir/units/${unit##*/}"
	done
	is "units: nothing to say" "$(systemd-analyze verify --man=no "$dir"/units/* 2>&1 | grep -F "$dir/units")" ""
	for unit in maillage maillage-backup; do
		systemd-analyze security --offline=yes --threshold=40 "$dir/units/$unit.service" >/dev/null 2>&1; is "$unit: confined" $? 0
	done
else
	skipped=$((skipped + 1))
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
