/*
 * France as records: régions, départements and overseas collectivities, EPCI, communes, arrondissements of Paris, Lyon and
 * Marseille, and former communes with their successor. A record is a plain object; writer.mjs says which members it reads.
 */
import { key } from './fold.mjs';
import { json, OVERSEAS, table } from './packages.mjs';
import { locate } from './points.mjs';
import { REGIONS } from './regions.mjs';

const COG = '@etalab/decoupage-administratif/data';
const TIMEZONES = {
	971: 'America/Guadeloupe', 972: 'America/Martinique', 973: 'America/Cayenne', 974: 'Indian/Reunion', 975: 'America/Miquelon',
	976: 'Indian/Mayotte', 977: 'America/St_Barthelemy', 978: 'America/Marigot', 984: 'Indian/Kerguelen', 986: 'Pacific/Wallis',
	987: 'Pacific/Tahiti', 988: 'Pacific/Noumea',
};
const KINDS = { CC: 'Communauté de communes', CA: "Communauté d'agglomération", CU: 'Communauté urbaine' };
/* Territorial collectivities and départements with a code of ISO 3166-2 that is not "FR-" and their number. */
const ISO_EXTRA = { 'FR-75C': '75', 'FR-69M': '200046977', 'FR-PM': '975', 'FR-BL': '977', 'FR-MF': '978', 'FR-TF': '984', 'FR-WF': '986', 'FR-PF': '987', 'FR-NC': '988', 'FR-CP': '989' };

/*
 * 1 urban, 2 towns and outskirts, 3 rural, 4 very rural. INSEE's grid rests on the density of inhabited squares, which no
 * package has; this stands for it by the commune's population and the mean population of the communes of its EPCI. Against
 * density classes of the true areas it agrees for 73 % of the communes and is off by more than one class for under 1 %.
 */
export function rurality(population, perCommune) {
	if (population === undefined) {
		return 0;
	}
	const s = perCommune ?? population;
	if (population >= 20000 || (s >= 10000 && population >= 4000)) {
		return 1;
	}
	if (population >= 3000 || (s >= 4500 && population >= 1500)) {
		return 2;
	}
	return population >= 600 || (s >= 2200 && population >= 250) ? 3 : 4;
}

function timezone(departement) {
	return TIMEZONES[departement] ?? 'Europe/Paris';
}

function mean(points, weigh) {
	let w = 0;
	let lat = 0;
	let lon = 0;
	for (const p of points) {
		const v = weigh ? Math.max(1, p.population) : 1;
		w += v;
		lat += v * p.lat;
		lon += v * p.lon;
	}
	return w > 0 ? { point: 'approx', lat: lat / w, lon: lon / w } : { point: 'none' };
}

/* Spreadsheets and people write "Paris 11", "Paris 11e", "Lyon 03". */
function arrondissementNames(nom) {
	const m = /^(\S+) (\d+)/.exec(nom);
	return m ? [`${m[1]} ${m[2]}`, `${m[1]} ${m[2].padStart(2, '0')}`, `${m[1]} ${m[2]}e`, `${m[1]} ${m[2]}ème`] : [];
}

/* Post offices give some communes the name of a larger neighbour: not a name to be found by. */
function related(a, b) {
	const words = key(b).split(' ');
	return key(a).split(' ').some((w) => w.length > 2 && words.includes(w));
}

function communeRecords(all, located, epciOf, density, addresses) {
	const records = [];
	for (const c of all) {
		if (c.type !== 'commune-actuelle' && c.type !== 'arrondissement-municipal') {
			continue;
		}
		const arrondissement = c.type === 'arrondissement-municipal';
		const epci = epciOf.get(c.commune ?? c.code);
		const row = located.rows.get(c.code);
		const at = located.points.get(c.code);
		records.push({
			level: arrondissement ? 'arrondissement' : 'commune', code: c.code, name: c.nom, tncc: c.typeLiaison ?? -1, parent: c.commune ?? c.departement,
			epci, population: c.population, postal: c.codesPostaux ?? [], timezone: timezone(c.departement),
			point: at ? (at.exact ? 'town' : 'approx') : 'none', lat: at?.lat, lon: at?.lon,
			rurality: arrondissement ? 1 : rurality(c.population, density.get(epci)),
			alternates: [...(addresses.get(c.code) ?? []).filter((n) => related(n, c.nom)), ...(arrondissement ? arrondissementNames(c.nom) : [])],
			foreign: row?.named ? row.row.alternates : [],
			aliases: [], formerNames: [],
		});
	}
	return records;
}

/* Arrondissements have no row of their own in GeoNames' list of towns but sections named "Paris 11 Popincourt". */
function placeArrondissements(communes, towns) {
	for (const a of communes.filter((c) => c.level === 'arrondissement')) {
		const [, city, number] = /^(\S+) (\d+)/.exec(a.name);
		const row = towns.find((r) => {
			const m = /^(\S+) (\d+)\b/.exec(r.name);
			return (m && m[1] === city && Number(m[2]) === Number(number)) || r.admin4 === a.code;
		});
		if (row) {
			Object.assign(a, { point: 'town', lat: row.lat, lon: row.lon });
		} else {
			const whole = communes.find((c) => c.code === a.parent);
			Object.assign(a, { point: 'approx', lat: whole.lat, lon: whole.lon });
		}
	}
}

/* Former communes: associated and delegated ones, and old codes. Those whose code lives on only lend their name. */
function formerRecords(all, byCode, towns, addresses) {
	const successor = new Map();
	for (const c of all) {
		for (const old of c.anciensCodes ?? []) {
			if (byCode.has(c.code) && !successor.has(old)) {
				successor.set(old, c.code);
			}
		}
	}
	const rowOf = new Map(towns.filter((r) => r.admin4 && !byCode.has(r.admin4)).map((r) => [r.admin4, r]));
	const records = [];
	const seen = new Set();
	const add = (code, name, tncc, now) => {
		const today = byCode.get(now);
		if (key(name) !== key(today.name)) {
			today.formerNames.push(name);
		}
		if (byCode.has(code) || seen.has(code)) {
			return;
		}
		seen.add(code);
		const row = rowOf.get(code);
		records.push({
			level: 'commune', code, name, tncc, parent: today.parent, epci: today.epci, now, former: true, postal: [], timezone: today.timezone,
			point: row ? 'town' : today.point === 'none' ? 'none' : 'approx', lat: row?.lat ?? today.lat, lon: row?.lon ?? today.lon,
			rurality: 0, alternates: [], foreign: [], aliases: [], formerNames: [],
		});
	};
	for (const c of all) {
		if ((c.type === 'commune-deleguee' || c.type === 'commune-associee') && byCode.has(c.chefLieu)) {
			add(c.code, c.nom, c.typeLiaison ?? -1, c.chefLieu);
		}
	}
	for (const [code, names] of addresses) {
		if (!byCode.has(code) && successor.has(code)) {
			add(code, names.proper, -1, successor.get(code));
		}
	}
	for (const [old, now] of successor) {
		if (!byCode.has(old) && !seen.has(old)) {
			byCode.get(now).aliases.push(old);
		}
	}
	return records;
}

function epciRecords(list, byCode) {
	return list.map((e) => {
		const members = e.membres.map((m) => byCode.get(m.code)).filter(Boolean);
		const short = e.nom.replace(/^(CC|CA|CU) /, '');
		const core = short.replace(/^(?:de la |de l'|des |du |de |d')/i, '').replace(/ \([A-Z0-9]+\)$/, '').replace(/^(?:Eurom|M)étropole (?:européenne )?(?:de |du |d')?/i, '').replace(/ Métropole$/i, '');
		const kind = KINDS[e.nom.slice(0, 2)];
		/* The seat is not in the package: the largest member stands for it. */
		const seat = members.reduce((a, b) => ((b.population ?? 0) > (a.population ?? 0) ? b : a));
		return {
			level: 'epci', code: e.code, name: e.nom, tncc: -1, parent: byCode.get(seat.parent).parent, population: e.populationMunicipale,
			...mean(members.filter((m) => m.point !== 'none').map((m) => ({ ...m, population: m.population ?? 1 })), true),
			timezone: seat.timezone, rurality: 0, postal: [], members: members.map((m) => m.code),
			alternates: [short, core, kind ? `${kind} ${short}` : ''].filter((n) => n && n !== e.nom), foreign: [], aliases: [], formerNames: [],
		};
	});
}

export function france(allTowns) {
	const all = json(`${COG}/communes.json`);
	const epciList = json(`${COG}/epci.json`);
	const towns = allTowns.filter((r) => r.country === 'FR' || r.country in OVERSEAS);
	const epciOf = new Map();
	const density = new Map();
	for (const e of epciList) {
		density.set(e.code, e.populationMunicipale / e.membres.length);
		for (const m of e.membres) {
			epciOf.set(m.code, e.code);
		}
	}
	const addresses = new Map();
	for (const r of json('codes-postaux/codes-postaux.json')) {
		const list = addresses.get(r.codeCommune) ?? addresses.set(r.codeCommune, Object.assign([], { proper: r.nomCommune })).get(r.codeCommune);
		for (const name of [r.nomCommune, r.libelleAcheminement]) {
			if (!list.includes(name)) {
				list.push(name);
			}
		}
	}
	const located = locate(all.filter((c) => c.type === 'commune-actuelle'), epciOf, towns);
	const communes = communeRecords(all, located, epciOf, density, addresses);
	const byCode = new Map(communes.map((c) => [c.code, c]));
	placeArrondissements(communes, allTowns.filter((r) => r.country === 'FR' && r.feature === 'PPLX'));
	const former = formerRecords(all, byCode, towns, addresses);

	const inForce = communes.filter((c) => c.level === 'commune');
	const total = (list) => list.reduce((s, c) => s + (c.population ?? 0), 0);
	const arabic = new Map(table('departements.tsv'));
	const departements = json(`${COG}/departements.json`).map((d) => {
		const inside = inForce.filter((c) => c.parent === d.code);
		return {
			level: 'departement', code: d.code, name: d.nom, names: { fr: d.nom, en: d.nom, es: d.nom, pt: d.nom, ar: arabic.get(d.code) }, tncc: d.typeLiaison ?? -1, parent: REGIONS[d.region]?.[0] ?? 'FR', population: total(inside),
			...mean(inside.filter((c) => c.point !== 'none'), false), timezone: timezone(d.code), rurality: 0, postal: [], alternates: [], foreign: [],
			aliases: [`FR-${d.code}`, ...Object.keys(OVERSEAS).filter((iso) => OVERSEAS[iso] === d.code)], formerNames: [],
		};
	});
	for (const d of departements) {
		byCode.set(d.code, d);
	}
	const epcis = epciRecords(epciList, byCode);
	const regions = json(`${COG}/regions.json`).filter((r) => REGIONS[r.code]).map((r) => {
		const [code, aliases, en, es, pt, ar] = REGIONS[r.code];
		const inside = departements.filter((d) => d.parent === code);
		return {
			level: 'region', code, name: r.nom, tncc: r.typeLiaison ?? -1, parent: 'FR', population: total(inside), ...mean(inside.filter((d) => d.point !== 'none'), false),
			timezone: inside[0].timezone, rurality: 0, postal: [], names: { fr: r.nom, en: en || r.nom, es: es || r.nom, pt: pt || r.nom, ar },
			alternates: [], foreign: [], aliases, formerNames: [],
		};
	});
	const records = [...regions, ...departements, ...epcis, ...communes, ...former];
	for (const [alias, code] of Object.entries(ISO_EXTRA)) {
		const record = records.find((r) => r.code === code);
		if (!record.aliases.includes(alias)) {
			record.aliases.push(alias);
		}
	}
	return records;
}
