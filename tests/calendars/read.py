"""The occurrences of a calendar file as icalendar and recurring_ical_events see them: UID, start and end in UTC."""
import datetime
import sys

import icalendar
import recurring_ical_events

with open(sys.argv[1], "rb") as f:
    calendar = icalendar.Calendar.from_ical(f.read())
first, last = (datetime.date(int(year), 1, 1) for year in sys.argv[2:4])


def utc(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M")
    return value.isoformat()


for event in recurring_ical_events.of(calendar).between(first, last):
    if event.get("STATUS") != "CANCELLED":
        print(event["UID"], utc(event["DTSTART"].dt), utc(event["DTEND"].dt))
