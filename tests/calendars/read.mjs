// The occurrences of a calendar file as ical.js and node-ical see them: read.mjs ical.js|node-ical FILE FROM TO
import { readFileSync } from 'node:fs';

const [which, file, from, to] = process.argv.slice(2);
const first = Date.UTC(+from, 0, 1), last = Date.UTC(+to, 0, 1);
const text = readFileSync(file, 'utf8');
const utc = (date) => new Date(date).toISOString().slice(0, 16);

async function icalJs() {
	const ICAL = (await import('ical.js')).default;
	const calendar = new ICAL.Component(ICAL.parse(text));
	for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
	const say = (uid, start, end) => {
		if (start.isDate ? Date.parse(start.toString()) < last : start.toJSDate() < last) {
			console.log(uid, start.isDate ? start.toString() : utc(start.toJSDate()), end.isDate ? end.toString() : utc(end.toJSDate()));
		}
	};
	for (const component of calendar.getAllSubcomponents('vevent')) {
		if (component.hasProperty('recurrence-id')) continue;
		const event = new ICAL.Event(component);
		for (const other of calendar.getAllSubcomponents('vevent')) {
			if (other.hasProperty('recurrence-id') && other.getFirstPropertyValue('uid') === event.uid) event.relateException(other);
		}
		if (!event.isRecurring()) { say(event.uid, event.startDate, event.endDate); continue; }
		const walk = event.iterator();
		for (let next = walk.next(), n = 0; next && n < 2000; next = walk.next(), n++) {
			if (next.toJSDate() >= last) break;
			const details = event.getOccurrenceDetails(next);
			if (details.item.component.getFirstPropertyValue('status') !== 'CANCELLED') say(event.uid, details.startDate, details.endDate);
		}
	}
}

async function nodeIcal() {
	const ical = (await import('node-ical')).default;
	const calendar = ical.sync.parseICS(text);
	for (const event of Object.values(calendar)) {
		if (event.type !== 'VEVENT') continue;
		const whole = event.datetype === 'date';
		// a day is a day: its own fields, not those of the machine's zone
		const day = (d) => `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, '0')}-${String(d.getDate()).padStart(2, '0')}`;
		const say = (start, end) => console.log(event.uid, whole ? day(start) : utc(start), whole ? day(end) : utc(end));
		for (const one of ical.expandRecurringEvent(event, { from: new Date(first), to: new Date(last), includeOverrides: true })) {
			if (one.event.status !== 'CANCELLED') say(one.start, one.end);
		}
	}
}

await (which === 'ical.js' ? icalJs() : nodeIcal());
