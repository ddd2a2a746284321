// Bundles the interactive map for the browser: node tools/basemap/bundle.mjs --out-dir build/map
// map.js, map.css, map-worker.js and map-open.js, minified; no code is fetched from anywhere else and none is evaluated from text.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { packagePath } from './packages.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const source = path.join(here, '../../assets/map');
const { values } = parseArgs({ options: { 'out-dir': { type: 'string', default: 'build/map' } } });
const out = values['out-dir'];

const common = {
	bundle: true, minify: true, format: 'esm', target: ['es2022'], charset: 'utf8', legalComments: 'inline', logLevel: 'warning',
	nodePaths: [path.join(here, '../../node_modules')],
};
fs.mkdirSync(out, { recursive: true });
await build({ ...common, entryPoints: [path.join(source, 'map.js')], outfile: path.join(out, 'map.js') });
await build({ ...common, entryPoints: [path.join(source, 'map-open.js')], outfile: path.join(out, 'map-open.js') });
await build({ ...common, entryPoints: [packagePath('maplibre-gl/dist/maplibre-gl-worker.mjs')], outfile: path.join(out, 'map-worker.js') });
await build({ ...common, entryPoints: [path.join(source, 'map.css')], outfile: path.join(out, 'map.css') });
for (const name of ['map.js', 'map.css', 'map-worker.js', 'map-open.js']) {
	const bytes = fs.readFileSync(path.join(out, name));
	console.log(`${name}: ${(bytes.length / 1000).toFixed(0)} kB, ${(gzipSync(bytes, { level: 9 }).length / 1000).toFixed(0)} kB compressed`);
}
