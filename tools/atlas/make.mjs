/*
 * Makes the atlas: node tools/atlas/make.mjs --out FILE [--sample FILE]. The same packages give the same bytes. --sample
 * writes names with their keys, for the test that compares this side's folding with the program's.
 */
import fs from 'node:fs';
import { key } from './fold.mjs';
import { france } from './france.mjs';
import { json, towns } from './packages.mjs';
import { world } from './world.mjs';
import { write } from './writer.mjs';

function option(name) {
	const i = process.argv.indexOf(name);
	return i > 0 ? process.argv[i + 1] : null;
}

const out = option('--out');
if (!out) {
	console.error('usage: make.mjs --out FILE [--sample FILE]');
	process.exit(64);
}
const rows = towns();
const records = [...france(rows).map((r) => ({ ...r, country: 'FR' })), ...world(rows)];

/* Populations of countries are CLDR's; the point of France is Paris. */
const info = json('cldr-core/supplemental/territoryInfo.json').supplemental.territoryInfo;
for (const c of records.filter((r) => r.level === 'country')) {
	const population = Number(info[c.code]?._population);
	c.population = population > 0 ? population : undefined;
	if (c.code === 'FR') {
		const capital = records.find((r) => r.code === '75056');
		c.population = records.reduce((s, r) => s + (r.level === 'departement' ? r.population : 0), 0);
		Object.assign(c, { point: 'approx', lat: capital.lat, lon: capital.lon, timezone: capital.timezone });
	}
}

const sample = option('--sample');
if (sample) {
	const lines = [];
	records.forEach((r, i) => {
		for (const name of i % 7 === 0 || r.level !== 'town' ? [r.name, ...r.alternates] : []) {
			if (!/[\t\n]/.test(name)) {
				lines.push(`${name}\t${key(name)}`);
			}
		}
	});
	fs.writeFileSync(sample, `${lines.join('\n')}\n`);
}

const made = write(records);
fs.writeFileSync(out, made.bytes);
console.log(`atlas: ${made.records} territories, ${made.keys} search keys, ${(made.bytes.length / 1e6).toFixed(1)} MB (sections ${made.sections.join(' ')})`);
