#!/bin/bash
# Other calendar programs read a feed of ours and see the same occurrences, over the changes of clocks in many zones: khal,
# icalendar with recurring_ical_events (Debian), ical.js and node-ical (npm). run.sh BUILD
set -u
build=$1
here=$(dirname "$0")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export LC_ALL=C.UTF-8
passed=0 failed=0 skipped=0

# compare NAME [PATTERN]: lines that match are known to differ, for the reason given where it is called.
compare() {
	grep -v -E "${2:-^$}" "$tmp/ours" >"$tmp/want"
	grep -v -E "${2:-^$}" "$tmp/theirs" >"$tmp/got"
	if diff "$tmp/want" "$tmp/got" >"$tmp/diff" && [ -s "$tmp/got" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $1 sees other dates:"
		head -20 "$tmp/diff" "$tmp/err"
	fi
}

mkdir "$tmp/data"
"$build/maillage" import events "$here/events.json" --data "$tmp/data" >"$tmp/said" 2>&1 &&
	"$build/maillage" export events --data "$tmp/data" --format ical >"$tmp/feed.ics" 2>>"$tmp/said" || {
	echo "FAIL the feed"
	cat "$tmp/said"
	echo "0 passed, 1 failed"
	exit 1
}
"$build/tests/ical_dates" "$tmp/feed.ics" 2027 2029 | sort >"$tmp/ours"

# Debian's own Python has the packages, whichever comes first in the path.
if /usr/bin/python3 -c 'import icalendar, recurring_ical_events' 2>/dev/null; then
	/usr/bin/python3 "$here/read.py" "$tmp/feed.ics" 2027 2029 2>"$tmp/err" | sort >"$tmp/theirs"
	compare "icalendar with recurring_ical_events"
else
	skipped=$((skipped + 1))
fi

if [ -x /usr/bin/khal ]; then
	mkdir "$tmp/vdir"
	cat >"$tmp/khal" <<-END
		[calendars]
		[[feed]]
		path = $tmp/vdir
		[locale]
		local_timezone = UTC
		default_timezone = UTC
		timeformat = %H:%M
		dateformat = %Y-%m-%d
		longdateformat = %Y-%m-%d
		datetimeformat = %Y-%m-%dT%H:%M
		longdatetimeformat = %Y-%m-%dT%H:%M
		[sqlite]
		path = $tmp/khal.db
	END
	/usr/bin/khal -c "$tmp/khal" import --batch -a feed "$tmp/feed.ics" >"$tmp/err" 2>&1
	/usr/bin/khal -c "$tmp/khal" list -f "{uid} {start-long} {end-long} {status}" --day-format "" 2027-01-01 2028-12-31 2>>"$tmp/err" |
		grep -v CANCELLED | while read -r uid start end _; do
		# the last day of whole days is included there
		[ ${#end} = 10 ] && end=$(date -u -d "$end + 1 day" +%F)
		echo "$uid $start $end"
	done | sort -u >"$tmp/theirs"
	compare "khal"
else
	skipped=$((skipped + 1))
fi

for zone in UTC Asia/Tokyo; do
	# ical.js counts the hours of a night on the wall, the RFC as they run: the night that lacks one differs in its end.
	TZ=$zone node "$here/read.mjs" ical.js "$tmp/feed.ics" 2027 2029 2>"$tmp/err" | sort >"$tmp/theirs"
	compare "ical.js in $zone" '^event-2@[^ ]* 2027-03-27T'
	# node-ical wants a newer Node than Debian's; it does not read RDATE: an added date, and the start beside its rule.
	if ! node --input-type=module -e 'await import("node-ical")' 2>"$tmp/err"; then
		skipped=$((skipped + 1))
		continue
	fi
	TZ=$zone node "$here/read.mjs" node-ical "$tmp/feed.ics" 2027 2029 2>"$tmp/err" | sort >"$tmp/theirs"
	compare "node-ical in $zone" '^event-12@[^ ]* 2027-10-14T|^event-13@[^ ]* 2027-05-05T'
done
echo "$passed passed, $failed failed, $skipped skipped"
