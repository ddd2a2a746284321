// Names of towns in the languages of the site. GeoNames gives alternate names without saying in which language, so they
// are believed only for Arabic, by script; elsewhere CLDR's time-zone towns and our own table of exonyms say the name.
import fs from 'node:fs';
import { packageJson } from './packages.mjs';

export const LANGS = ['fr', 'en', 'es', 'pt', 'ar'];

const fold = (s) => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^\p{L}]/gu, '');

// Time zone -> the town that names it, in one language.
function zoneTowns(lang) {
	const main = packageJson(`cldr-dates-full/main/${lang}/timeZoneNames.json`).main;
	const out = new Map();
	const walk = (node, path) => {
		if (node.exemplarCity) {
			out.set(path, node.exemplarCity);
			return;
		}
		for (const [key, child] of Object.entries(node)) {
			if (child && typeof child === 'object') {
				walk(child, path ? `${path}/${key}` : key);
			}
		}
	};
	walk(main[lang].dates.timeZoneNames.zone, '');
	return out;
}

// cc + name -> { fr, es, pt, ar } from exonyms.tsv.
function exonyms() {
	const out = new Map();
	const text = fs.readFileSync(new URL('exonyms.tsv', import.meta.url), 'utf8');
	for (const line of text.split('\n')) {
		if (!line || line.startsWith('#')) {
			continue;
		}
		const [cc, name, fr, es, pt, ar] = line.split('\t');
		const row = {};
		Object.entries({ fr, es, pt, ar }).forEach(([lang, v]) => {
			if (v && v !== '-') {
				row[lang] = v;
			}
		});
		out.set(`${cc} ${name}`, row);
	}
	return out;
}

// Consonants that the letters of both scripts stand for, to tell a name of the same town from a nickname.
const SOUNDS = [
	['b', 'bpv', 'ب'], ['t', 'td', 'تطدضة'], ['s', 'szcxh', 'سصزثشجذظ'], ['k', 'kgqcjx', 'كقغجخ'], ['f', 'fvp', 'ف'],
	['l', 'l', 'ل'], ['r', 'r', 'رغ'], ['m', 'm', 'م'], ['n', 'n', 'ن'],
];

function skeleton(text, side) {
	let out = '';
	for (const ch of text) {
		const hit = SOUNDS.find((s) => s[side].includes(ch));
		if (hit && !out.endsWith(hit[0])) {
			out += hit[0];
		}
	}
	return out;
}

function distance(a, b) {
	let row = Array.from({ length: b.length + 1 }, (_, i) => i);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
		}
		row = next;
	}
	return row[b.length];
}

// Letters of Arabic itself: no Persian, Urdu, Kurdish or Uyghur ones, no Arabic-Indic digits.
const ARABIC = /^[\u0621-\u063a\u0641-\u064a][\u0621-\u063a\u0641-\u064a\u064b-\u0652 -]+$/;
const ARAB_COUNTRIES = new Set(
	'DZ BH KM DJ EG IQ JO KW LB LY MR MA OM PS QA SA SO SD SY TN AE YE EH TD ER'.split(' '));

// The alternate name that is most likely the Arabic one, or nothing. Marks of Arabic spelling count for it (ta marbuta,
// hamzas, the article in Arab countries), marks of Persian, Kurdish or Ottoman spelling against it; then likeness of sound.
export function arabicName(town) {
	const latin = skeleton(fold(town.ascii.replace(/^(Al|El|An|Ar|As|Ash|At|Az|Ad) /i, '')), 1);
	let best = null;
	for (const name of town.alternates) {
		if (!ARABIC.test(name) || name.length < 2) {
			continue;
		}
		let score = -2 * distance(latin, skeleton(name.replace(/(^| )ال/g, '$1'), 2)) / Math.max(2, latin.length);
		score += /ة( |$)/.test(name) ? 0.6 : 0;
		score += /[أإآؤئى]/.test(name) ? 0.3 : 0;
		score += ARAB_COUNTRIES.has(town.cc) && name.startsWith('ال') ? 0.4 : 0;
		score -= /ه( |$)/.test(name) ? 0.5 : 0;
		score -= /وو|يي|اا|ىى|ڤ/.test(name) ? 1 : 0;
		score -= /^(مدينة|ولاية|بلدية|محافظة|شهر|قضاء) /.test(name) ? 1 : 0;
		score -= /شهر$|نگر|نجر$/.test(name) ? 2 : 0;
		score -= name.includes('-') ? 0.2 : 0;
		if (!best || score > best.score || (score === best.score && name < best.name)) {
			best = { name, score };
		}
	}
	return best && best.score > -1.7 ? best.name : null;
}

// A function from town to its names: { name, name_fr?, … } holding only what differs from `name`.
export function townNamer() {
	const table = exonyms();
	const zones = Object.fromEntries(LANGS.map((lang) => [lang, zoneTowns(lang)]));
	return (town) => {
		const names = {};
		const en = zones.en.get(town.timezone) ?? town.timezone.split('/').pop().replaceAll('_', ' ');
		if (town.population > 20000 && [town.name, town.ascii].some((n) => fold(n) === fold(en))) {
			LANGS.forEach((lang) => {
				names[lang] = zones[lang].get(town.timezone) ?? undefined;
			});
		}
		Object.assign(names, table.get(`${town.cc} ${town.name}`));
		names.ar ??= arabicName(town);
		const out = { name: town.name };
		for (const lang of LANGS) {
			if (names[lang] && names[lang] !== town.name) {
				out[`name_${lang}`] = names[lang];
			}
		}
		return out;
	};
}

// Country names by ISO 3166-1 code in the five languages; the short form where the long one would not fit a map.
export function countryNamer() {
	const all = Object.fromEntries(LANGS.map((lang) => [
		lang,
		packageJson(`cldr-localenames-full/main/${lang}/territories.json`).main[lang].localeDisplayNames.territories,
	]));
	const short = new Set(['PS', 'HK', 'MO']);
	return (iso2) => {
		const pick = (lang) => (short.has(iso2) && all[lang][`${iso2}-alt-short`]) || all[lang][iso2];
		const out = { name: pick('en') };
		LANGS.forEach((lang) => {
			if (pick(lang) && pick(lang) !== out.name) {
				out[`name_${lang}`] = pick(lang);
			}
		});
		return out;
	};
}
