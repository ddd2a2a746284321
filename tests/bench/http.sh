#!/bin/bash
# What a cached page costs beside nginx serving the same bytes from a file, in CPU time per request, and what idle connections
# cost in memory. http.sh BUILD; needs nginx, wrk and python3. The two take turns, so that both meet the same machine.
set -eu
cd "$(dirname "$0")/../.."
PATH=$PATH:/usr/sbin # nginx's, of which an ordinary user does not know
maillage=$PWD/${1:-build-release}/maillage
for tool in nginx wrk python3 curl; do
	command -v $tool >/dev/null || { echo "http: skipped, there is no $tool"; exit 0; }
done
dir=$(mktemp -d)
trap 'kill $server $nginx 2>/dev/null; wait 2>/dev/null; rm -rf "$dir"' EXIT
server= nginx=
free() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
ours=$(free) theirs=$(free)
page=${PAGE:-/fr/territories/38185}

"$maillage" serve --data "$dir/data" --listen "127.0.0.1:$ours" --quiet >"$dir/said" 2>&1 &
server=$!
for _ in $(seq 200); do curl -fs "http://127.0.0.1:$ours/health" >/dev/null && break; read -rt 0.05 <> <(:) || true; done
mkdir "$dir/www"
curl -fs "http://127.0.0.1:$ours$page" >"$dir/www/page.html"
cat >"$dir/nginx.conf" <<END
pid $dir/pid; error_log $dir/error; worker_processes 2; daemon off;
events { worker_connections 4096; }
http {
	access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=100;
	client_body_temp_path $dir/b; proxy_temp_path $dir/p; fastcgi_temp_path $dir/f; uwsgi_temp_path $dir/u; scgi_temp_path $dir/s;
	server { listen 127.0.0.1:$theirs; root $dir/www; }
}
END
[ "$(id -u)" != 0 ] || sed -i '1s/^/user root; /' "$dir/nginx.conf"
nginx -e "$dir/error" -c "$dir/nginx.conf" &
nginx=$!
for _ in $(seq 200); do curl -fs "http://127.0.0.1:$theirs/page.html" >/dev/null && break; read -rt 0.05 <> <(:) || true; done
# As many as our I/O threads, so that both meet the requests in equal batches.
workers=$(pgrep -P $nginx | head -2 | tr '\n' ' ')

# CPU ticks of processes so far.
ticks() {
	local pid
	for pid in $1; do sed 's/.*) //' "/proc/$pid/stat"; done | awk '{t += $12 + $13} END {print t}'
}
# asks PIDS URL: "requests ticks"
asks() {
	local before after n
	before=$(ticks "$1")
	n=$(wrk -t1 -c64 -d"${SECONDS_EACH:-3}s" "$2" | awk '/requests in/ {print $1}')
	after=$(ticks "$1")
	echo "$n $((after - before))"
}
a=0 at=0 b=0 bt=0
for _ in 1 2 3; do
	read -r n t < <(asks $server "http://127.0.0.1:$ours$page"); a=$((a + n)) at=$((at + t))
	read -r n t < <(asks "$workers" "http://127.0.0.1:$theirs/page.html"); b=$((b + n)) bt=$((bt + t))
done
awk -v a=$a -v at=$at -v b=$b -v bt=$bt -v hz="$(getconf CLK_TCK)" -v size="$(stat -c %s "$dir/www/page.html")" 'BEGIN {
	us = at / hz / a * 1e6; ng = bt / hz / b * 1e6
	printf "cached page of %d bytes: %.1f us of CPU, nginx from a file %.1f us, ratio %.2f (at most 1)\n", size, us, ng, us / ng }'

python3 - "$server" "$ours" <<'END'
import resource, socket, sys
pid, port = int(sys.argv[1]), int(sys.argv[2])
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
def mib():
    return int(next(l for l in open(f"/proc/{pid}/status") if l.startswith("VmRSS")).split()[1]) / 1024
before, many = mib(), []
for i in range(5000):
    s = socket.create_connection(("127.0.0.1", port))
    s.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
    many.append(s)
for s in many:
    s.recv(4096)
print(f"5000 idle connections: {mib():.0f} MiB resident (at most 60), {before:.0f} before")
END
