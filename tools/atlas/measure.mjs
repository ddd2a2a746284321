/*
 * Measures the approximate points of French communes against a file of official ones (columns code, lon, lat, town_lon,
 * town_lat): node tools/atlas/measure.mjs FILE. Prints one line of JSON for the test, distances in kilometres.
 */
import fs from 'node:fs';
import { json, towns, OVERSEAS } from './packages.mjs';
import { locate } from './points.mjs';

function distance(a, b) {
	const rad = Math.PI / 180;
	const h = Math.sin((b.lat - a.lat) * rad / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin((b.lon - a.lon) * rad / 2) ** 2;
	return 12742 * Math.asin(Math.sqrt(h));
}

const reference = new Map();
const [head, ...lines] = fs.readFileSync(process.argv[2], 'utf8').trim().split('\n');
const column = Object.fromEntries(head.split(',').map((name, i) => [name, i]));
for (const line of lines) {
	const f = line.split(',');
	const [lon, lat] = f[column.town_lon] ? [f[column.town_lon], f[column.town_lat]] : [f[column.lon], f[column.lat]];
	if (lon) {
		reference.set(f[column.code], { lat: Number(lat), lon: Number(lon) });
	}
}
const communes = json('@etalab/decoupage-administratif/data/communes.json').filter((c) => c.type === 'commune-actuelle');
const epciOf = new Map();
for (const e of json('@etalab/decoupage-administratif/data/epci.json')) {
	for (const m of e.membres) {
		epciOf.set(m.code, e.code);
	}
}
const { points, doubted } = locate(communes, epciOf, towns().filter((r) => r.country === 'FR' || r.country in OVERSEAS));

function summary(exact) {
	const errors = [];
	for (const [code, p] of points) {
		if (p.exact === exact && reference.has(code)) {
			errors.push(distance(p, reference.get(code)));
		}
	}
	errors.sort((a, b) => a - b);
	const share = (km) => Number((errors.filter((e) => e <= km).length / errors.length).toFixed(3));
	return {
		n: errors.length, mean: Number((errors.reduce((a, b) => a + b, 0) / errors.length).toFixed(2)),
		median: Number(errors[errors.length >> 1].toFixed(2)), p95: Number(errors[Math.floor(errors.length * 0.95)].toFixed(2)),
		max: Number(errors[errors.length - 1].toFixed(1)), within5: share(5), within10: share(10), within20: share(20),
	};
}
console.log(JSON.stringify({ approximate: summary(false), towns: summary(true), none: communes.filter((c) => !points.has(c.code)).map((c) => c.code), doubted }));
