// The demonstration network as one file that `maillage demo` loads: demo/*.json, which people edit, turned into documents
// in the shape of the entity tables (src/mod/*/*.c). Usage: node tools/demo/make.mjs --out FILE
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const read = (name) => JSON.parse(readFileSync(join(root, 'demo', name), 'utf8'));
const out = process.argv[process.argv.indexOf('--out') + 1];
// Kinds of documents as the vocabulary of src/mod/library/resource.c names them.
const documents = { brochure: 'booklet', toolkit: 'tool', agenda: 'other' };
const days = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
const invented = {
	fr: 'Fiche fictive, écrite pour la démonstration.',
	en: 'Fictitious entry, written for the demonstration.',
	es: 'Ficha ficticia, escrita para la demostración.',
	pt: 'Ficha fictícia, escrita para a demonstração.',
	ar: 'صفحة خيالية كُتبت للعرض التجريبي.',
};

// "Mo-Fr 09:00-12:00,14:00-18:00; Sa 10:00-13:00" -> {Mo: "09:00-12:00,14:00-18:00", …}
function hours(text) {
	if (!text || typeof text === 'object') {
		return text || undefined;
	}
	if (text === '24/7') {
		return Object.fromEntries(days.map((day) => [day, '00:00-24:00']));
	}
	const week = {};
	for (const rule of text.split(';')) {
		const m = rule.trim().match(/^([A-Za-z,\- ]+?)\s+(.+)$/);
		if (!m) {
			throw new Error(`hours: ${text}`);
		}
		for (const part of m[1].split(',')) {
			const [from, to] = part.trim().split('-');
			const a = days.indexOf(from), b = days.indexOf(to ?? from);
			if (a < 0 || b < 0) {
				throw new Error(`hours: ${text}`);
			}
			for (let i = a; ; i = (i + 1) % 7) {
				if (m[2] !== 'off') {
					week[days[i]] = m[2].replaceAll(' ', '');
				}
				if (i === b) {
					break;
				}
			}
		}
	}
	return week;
}

const titles = new Map(read('resources.json').map((o) => [o.slug, o]));
const text = (v) => (v === undefined || v === null ? undefined : String(v));
const whos = (list) => list?.map((who) => ({ who }));

function picture(o) {
	if (!o.picture) {
		return undefined;
	}
	const alt = o.picture_alt?.[o.lang] ?? o.picture_alt?.fr ?? '';
	return [{ file: o.picture.replace(/^demo\/img\//, 'assets/demo-'), alt, credit: 'Maillage, CC BY-SA 4.0' }];
}

// The remark that an entry is invented, in each language the text has.
function mark(o, field, doc) {
	if (!o.fictitious) {
		return;
	}
	doc[field] = `${doc[field] ?? ''}\n\n*${invented[o.lang] ?? invented.en}*`.trim();
	for (const [lang, t] of Object.entries(doc.translations ?? {})) {
		if (t[field]) {
			t[field] += `\n\n*${invented[lang]}*`;
		}
	}
}

function actor(o) {
	const doc = {
		name: o.name, acronym: o.acronym, kind: o.kind, summary: o.summary, body: o.body, themes: o.themes, causes: o.causes,
		scale: o.scale, territories: o.territories, places: o.places, contacts: o.contacts, languages: o.languages,
		hours: hours(o.hours), links: o.links, services: o.services, founded: text(o.founded), legal_number: o.legal_number ?? undefined,
		network: o.network?.map(({ from, to, ...rest }) => ({ ...rest, since: text(from), until: text(to) })),
		pictures: picture(o), translations: structuredClone(o.translations),
	};
	mark(o, 'body', doc);
	return doc;
}

function practice(o) {
	const doc = {
		title: o.title, summary: o.summary, problem: o.problem, done: o.done, since: text(o.since), by: whos(o.by), with: whos(o.with),
		themes: o.themes, cost: o.cost_band, staff: o.staff_band, legal_footing: o.legal_footing, competence: o.competence,
		obstacles: o.obstacles, results: o.results, advice: o.advice, reuses: o.reuses,
		from_resource: o.from_resource ? [o.from_resource] : undefined,
		documents: o.documents?.map((slug) => ({ label: titles.get(slug).title, url: titles.get(slug).url })), pictures: picture(o), translations: structuredClone(o.translations),
	};
	mark(o, 'done', doc);
	return doc;
}

function resource(o) {
	const doc = {
		title: o.title, kind: documents[o.kind] ?? o.kind ?? 'booklet', summary: o.summary, authors: whos(o.authors), year: text(o.year), language: [o.lang],
		pages: o.pages, licence: o.licence === 'unknown' ? undefined : o.licence, url: o.url, themes: o.themes,
		translations: structuredClone(o.translations),
	};
	mark(o, 'summary', doc);
	return doc;
}

// Times beginning with +, - or @ are counted from the day the demonstration is loaded (src/cmd/demo_events.c).
function event(o) {
	const { slug, lang, country, fictitious, territory, ...rest } = o;
	const doc = { ...structuredClone(rest), pictures: picture(o) };
	mark(o, 'body', doc);
	return doc;
}

const objects = [];
const add = (kind, list, make) => list.forEach((o) => objects.push({
	kind, slug: o.slug, lang: o.lang, status: o.status, checked: o.checked, territory: o.territory, country: o.country, doc: make(o),
}));
add('actor', read('actors.json'), actor);
add('resource', read('resources.json'), resource);
add('practice', read('practices.json'), practice);
add('event', read('events.json'), event);
writeFileSync(out, JSON.stringify({ themes: read('themes.json'), site: read('site.json'), objects }));
