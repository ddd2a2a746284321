#!/bin/sh
# A PostgreSQL cluster of its own for tests: `pg-cluster.sh start DIR [PID]` makes one in DIR (a new folder directly under
# /tmp, for socket paths are short) and prints its address; `pg-cluster.sh stop DIR` ends it and removes DIR; `restart` and
# `kill` are for tests of bad days. Unix socket only, no password, nothing synced. With PID it also ends by itself once that
# process is gone. PostgreSQL refuses to run as root: then another user runs it.
set -eu

do=${1:?start, stop, restart or kill}
dir=${2:?a folder}
bin=
for d in /usr/lib/postgresql/*/bin; do
	[ -x "$d/initdb" ] && bin=$d
done
if [ -z "$bin" ]; then
	echo "pg-cluster.sh: no PostgreSQL here: scripts/install.sh test" >&2
	exit 69
fi

as=
if [ "$(id -u)" = 0 ]; then
	user=nobody
	id postgres >/dev/null 2>&1 && user=postgres
	as="runuser -u $user --"
fi

options="-c listen_addresses= -c unix_socket_directories=$dir -c fsync=off -c synchronous_commit=off \
-c full_page_writes=off -c max_connections=60 -c shared_buffers=32MB -c wal_level=minimal -c max_wal_senders=0 \
-c autovacuum=off -c log_min_messages=warning"

run_pg_ctl() {
	(cd / && $as "$bin/pg_ctl" -s -w -D "$dir/data" "$@")
}

case $do in
start)
	mkdir -m 700 "$dir"
	[ -z "$as" ] || chown "$user" "$dir"
	(cd / && $as "$bin/initdb" -D "$dir/data" --locale=C --encoding=UTF8 -U maillage -A trust --no-sync >"/dev/null")
	run_pg_ctl -l "$dir/log" -o "$options" start >/dev/null
	if [ -n "${3:-}" ]; then
		(
			while kill -0 "$3" 2>/dev/null; do sleep 2; done
			[ ! -d "$dir" ] || "$0" stop "$dir"
		) </dev/null >/dev/null 2>&1 &
	fi
	echo "postgresql:///postgres?host=$dir&user=maillage"
	;;
restart)
	run_pg_ctl -l "$dir/log" -o "$options" -m fast restart >/dev/null
	;;
kill)
	run_pg_ctl -m immediate stop >/dev/null
	;;
stop)
	run_pg_ctl -m immediate stop >/dev/null 2>&1 || true
	rm -rf "$dir"
	;;
*)
	echo "pg-cluster.sh: start, stop, restart or kill" >&2
	exit 64
	;;
esac
