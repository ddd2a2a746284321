#!/bin/bash
# The commands, run as people run them: real program, real files. run.sh BUILD; ends with "N passed, M failed".
set -u
build=$(cd "$1" && pwd)
m=$build/maillage
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
n_ok=0 n_bad=0 n_skip=0

# want STATUS "what" COMMAND…: the exit status, and the output kept in $t/out and $t/err
want() {
	local status=$1 what=$2 got
	shift 2
	"$@" >"$t/out" 2>"$t/err" </dev/null
	got=$?
	if [ "$got" = "$status" ]; then
		n_ok=$((n_ok + 1))
	else
		n_bad=$((n_bad + 1))
		echo "FAIL $what: status $got, not $status"
		head -5 "$t/out" "$t/err"
	fi
}
# says "what" TEXT: the last command printed it
says() {
	if grep -qF -- "$2" "$t/out" "$t/err"; then
		n_ok=$((n_ok + 1))
	else
		n_bad=$((n_bad + 1))
		echo "FAIL $1: does not say \"$2\""
		head -5 "$t/out" "$t/err"
	fi
}
same() {
	if [ "$2" = "$3" ]; then
		n_ok=$((n_ok + 1))
	else
		n_bad=$((n_bad + 1))
		echo "FAIL $1: \"$2\" is not \"$3\""
	fi
}

# ---- help and wrong use ----
want 0 "help" "$m" --help
says "help names the commands" "restore"
for c in $("$m" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p'); do
	want 0 "$c --help" "$m" "$c" --help
	says "$c --help shows how to use it" "Usage: maillage $c"
done
want 64 "an unknown command" "$m" fly
want 64 "an unknown option" "$m" serve --wings
want 64 "a missing operand" "$m" backup
want 64 "one operand too many" "$m" check this
want 64 "user without a verb of ours" "$m" user remove x@example.org --data "$t/a"
want 64 "job without run" "$m" job walk --data "$t/a"

# ---- no data yet ----
want 1 "check without data" "$m" check --data "$t/none"
says "it says how to make some" "maillage serve"
want 1 "backup without data" "$m" backup "$t/x.tar" --data "$t/none"
[ ! -e "$t/none" ]
same "nothing was made" $? 0
touch "$t/file"
want 73 "a data directory that cannot be" "$m" migrate --data "$t/file/data"

# ---- migrate, demo, check ----
want 0 "migrate makes the data" "$m" migrate --data "$t/a"
says "it says where it is" "is at migration"
want 0 "check of an empty site" "$m" check --data "$t/a"
says "no finding" "0 findings"
want 0 "demo" "$m" demo --data "$t/a"
says "demo says what it loaded" "loaded"
before=$("$m" export actors --format csv --data "$t/a" 2>/dev/null | sha256sum)
want 0 "demo again" "$m" demo --data "$t/a"
says "the second time nothing is new" ": 0 loaded"
same "and nothing changed" "$("$m" export actors --format csv --data "$t/a" 2>/dev/null | sha256sum)" "$before"
want 0 "check of the demonstration" "$m" check --data "$t/a"
says "no finding in it" "0 findings"

# ---- check finds what is wrong, and makes it again ----
if command -v python3 >/dev/null; then
	sql() { python3 -c 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()' "$t/a/maillage.db" "$1"; }
	sql "UPDATE term SET uses = uses + 1 WHERE facet = 'theme'"
	sql "DELETE FROM object_link WHERE from_id IN (SELECT min(from_id) FROM object_link)"
	want 1 "check after damage" "$m" check --data "$t/a"
	says "counts are wrong" "table term"
	says "links are wrong" "table object_link"
	want 1 "check only looks" "$m" check --data "$t/a"
	want 1 "check --rebuild tells what it made again" "$m" check --rebuild --data "$t/a"
	want 0 "all is well then" "$m" check --data "$t/a"
	first="WHERE id = (SELECT min(id) FROM object)"
	sql "UPDATE object SET doc = json_set(json_remove(doc, '\$.name'), '\$.name', json_extract(doc, '\$.name')) $first"
	want 0 "members in the order of an earlier version" "$m" check --data "$t/a"
	sql "UPDATE object SET doc = json_set(doc, '\$.nonsense', 1) $first"
	want 1 "a member that no version writes" "$m" check --data "$t/a"
	says "it names the object" "its document is not as this version would write it"
	sql "UPDATE object SET doc = json_remove(doc, '\$.nonsense') $first"
	sql "UPDATE setting SET value = '\"Nowhere/Atlantis\"' WHERE name = 'time_zone'"
	sql "INSERT INTO setting (name, value, at) VALUES ('accent', '\"red\"', 0)"
	want 1 "check of settings" "$m" check --data "$t/a"
	says "it names the setting" "setting accent"
	sql "DELETE FROM setting WHERE name = 'accent'"
	file=0123456789abcdef0123456789abcdef01234567-8x8.webp
	sql "INSERT INTO attachment (object, pos, media, public) SELECT min(id), 99, '$file', 1 FROM object"
	want 1 "check of files" "$m" check --data "$t/a"
	says "it names the file" "$file"
	mkdir -p "$t/a/media/01"
	printf abc >"$t/a/media/01/$file"
	want 0 "the file is back" "$m" check --data "$t/a"
fi

# ---- backup and restore ----
want 0 "backup" "$m" backup "$t/site.tar" --data "$t/a"
want 73 "backup over a file" "$m" backup "$t/site.tar" --data "$t/a"
want 0 "tar can read it" tar -tf "$t/site.tar"
says "it holds the database" "maillage.db"
want 73 "restore over a site" "$m" restore "$t/site.tar" --data "$t/a"
want 0 "restore" "$m" restore "$t/site.tar" --data "$t/b"
want 0 "what came back is whole" "$m" check --data "$t/b"
same "it is the same" "$("$m" export actors --format csv --data "$t/b" 2>/dev/null | sha256sum)" "$before"
[ ! -d "$t/a/media/01" ] || same "files too" "$(cat "$t/b/media/01/"* 2>/dev/null)" "abc"
head -c 20000 "$t/site.tar" >"$t/cut.tar"
want 65 "restore of half a backup" "$m" restore "$t/cut.tar" --data "$t/c"
printf 'not an archive, but long enough to be looked at %600s' x >"$t/no.tar"
want 65 "restore of something else" "$m" restore "$t/no.tar" --data "$t/d"
want 65 "restore of nothing" "$m" restore "$t/missing.tar" --data "$t/e"
mkdir "$t/evil" && echo x >"$t/evil/y" && tar --format=ustar -C "$t/evil" -cPf "$t/evil.tar" --transform 's,^y,../outside,' y 2>/dev/null
want 65 "a name that leads outside" "$m" restore "$t/evil.tar" --data "$t/f"
[ ! -e "$t/outside" ]
same "nothing was written outside" $? 0
ln -s /etc/hostname "$t/evil/link" && tar --format=ustar -C "$t/evil" -cf "$t/link.tar" link
want 65 "a link in the archive" "$m" restore "$t/link.tar" --data "$t/g"

# ---- the same on PostgreSQL ----
pg=/tmp/maillage-commands-$$
if url=$(scripts/pg-cluster.sh start "$pg" $$ 2>/dev/null); then
	other=$(echo "$url" | sed 's,/postgres?,/copy?,')
	want 0 "demo on PostgreSQL" "$m" demo --data "$t/p" --db "$url"
	want 0 "check on PostgreSQL" "$m" check --data "$t/p" --db "$url"
	want 0 "backup of PostgreSQL" "$m" backup "$t/pg.tar" --data "$t/p" --db "$url"
	want 65 "a backup of PostgreSQL is not one of SQLite" "$m" restore "$t/pg.tar" --data "$t/q"
	want 0 "another database" psql -q "$url" -c "CREATE DATABASE copy"
	want 0 "restore into PostgreSQL" "$m" restore "$t/pg.tar" --data "$t/r" --db "$other"
	want 0 "what came back is whole there too" "$m" check --data "$t/r" --db "$other"
	same "it is the same" "$("$m" export actors --format csv --data "$t/r" --db "$other" 2>/dev/null | sha256sum)" \
		"$("$m" export actors --format csv --data "$t/p" --db "$url" 2>/dev/null | sha256sum)"

	# from the one engine to the other and back
	moved=$(echo "$url" | sed 's,/postgres?,/moved?,')
	found=$("$m" export actors --q accueil --format csv --data "$t/a" 2>/dev/null | sha256sum)
	people=$("$m" user list --data "$t/a" 2>/dev/null)
	want 65 "an SQLite site into a database that holds one" "$m" restore "$t/site.tar" --data "$t/m0" --db "$other"
	says "it says why" "is not empty"
	want 0 "a new database" psql -q "$url" -c "CREATE DATABASE moved"
	want 0 "an SQLite site into PostgreSQL" "$m" restore "$t/site.tar" --data "$t/m1" --db "$moved"
	[ ! -e "$t/m1/maillage.db" ]
	same "no SQLite file stays" $? 0
	want 0 "it is whole there" "$m" check --data "$t/m1" --db "$moved"
	same "and the same" "$("$m" export actors --format csv --data "$t/m1" --db "$moved" 2>/dev/null | sha256sum)" "$before"
	same "words are found" "$("$m" export actors --q accueil --format csv --data "$t/m1" --db "$moved" 2>/dev/null | sha256sum)" "$found"
	want 0 "new rows have new numbers" "$m" user add new@example.org --data "$t/m1" --db "$moved"
	want 0 "new rows have new numbers" psql -q "$moved" -c "DELETE FROM account WHERE id = (SELECT max(id) FROM account)"
	printf 'db = %s\nworkers = 3\n' "$moved" >"$t/m1/maillage.conf"
	want 0 "a backup that both engines take" "$m" backup "$t/portable.tar" --portable --data "$t/m1"
	want 0 "PostgreSQL's site into SQLite" "$m" restore "$t/portable.tar" --data "$t/m2"
	says "settings of the other database are put aside" "name another database"
	same "they are kept" "$(grep -c workers "$t/m2/maillage.conf.backup")" 1
	want 0 "it is whole here" "$m" check --data "$t/m2"
	same "and the same again" "$("$m" export actors --format csv --data "$t/m2" 2>/dev/null | sha256sum)" "$before"
	same "words are found here" "$("$m" export actors --q accueil --format csv --data "$t/m2" 2>/dev/null | sha256sum)" "$found"
	same "accounts too" "$("$m" user list --data "$t/m2" 2>/dev/null)" "$people"
	mkdir "$t/m3" && echo 'workers = 5' >"$t/m3/maillage.conf"
	want 0 "restore beside settings of this machine" "$m" restore "$t/portable.tar" --data "$t/m3"
	same "which stay" "$(cat "$t/m3/maillage.conf")" "workers = 5"
	scripts/pg-cluster.sh stop "$pg"
else
	n_skip=1
fi
want 69 "a database that does not answer" "$m" check --data "$t/p" --db "postgresql:///x?host=$t/nowhere"

# ---- accounts ----
want 0 "user add" "$m" user add ana@example.org --role admin --data "$t/a"
want 0 "user add again changes the role" "$m" user add ana@example.org --role editor --data "$t/a"
says "it says the role" "now editor"
want 65 "no mail address" "$m" user add ana --data "$t/a"
want 65 "no such role" "$m" user add b@example.org --role queen --data "$t/a"
want 0 "user token" "$m" user token ana@example.org --data "$t/a"
same "a token and nothing else" "$(grep -cE '^[A-Za-z0-9_-]{40}$' "$t/out")" 1
want 1 "a token for nobody" "$m" user token nobody@example.org --data "$t/a"
want 0 "user list" "$m" user list --data "$t/a"
says "it shows the account" "ana@example.org"
! grep -qaF "ana@example.org" "$t/a/maillage.db"
same "the database does not show the address" $? 0

# ---- jobs and bounces ----
want 0 "job run" "$m" job run --data "$t/a"
says "it says how many" "jobs run"
want 0 "job run again" "$m" job run --data "$t/a"
says "nothing is due then" "0 jobs run"
want 65 "a bounce of no mail of ours" "$m" mail-bounce --data "$t/a"

echo "$n_ok passed, $n_bad failed, $n_skip skipped"
[ $n_bad = 0 ]
