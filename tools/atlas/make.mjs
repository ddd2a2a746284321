/*
 * Makes the atlas: node tools/atlas/make.mjs --out FILE [--asm FILE]. The same packages give the same bytes. --asm writes the
 * assembler that puts the file into the program; its text changes with the data, so that the build sees it.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
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
	console.error('usage: make.mjs --out FILE [--asm FILE]');
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

const made = write(records);
fs.writeFileSync(out, made.bytes);
const asm = option('--asm');
if (asm) {
	fs.writeFileSync(asm, `/* ${createHash('sha256').update(made.bytes).digest('hex')} */
	.section .rodata
	.global atlas_data, atlas_data_end
	.balign 64
atlas_data:
	.incbin "${path.resolve(out)}"
atlas_data_end:
	.section .note.GNU-stack, "", %progbits
`);
}
console.log(`atlas: ${made.records} territories, ${made.keys} search keys, ${(made.bytes.length / 1e6).toFixed(1)} MB (sections ${made.sections.join(' ')})`);
