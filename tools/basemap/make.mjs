// Makes the base map: node tools/basemap/make.mjs --out build/basemap.pmtiles
// Vector tiles of zoom 0 to 6, which the browser over-zooms to 10, in one PMTiles file. The same packages always give the
// same bytes. doc/map.md tells where the data comes from and under which licences.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { GeoJSONVT } from '@maplibre/geojson-vt';
import { fromGeojsonVt } from '@maplibre/vt-pbf';
import { clipToLand } from './clip.mjs';
import * as layers from './layers.mjs';
import { writePMTiles } from './pmtiles.mjs';
import { urban } from './urban.mjs';

const MAX_ZOOM = 6;
const EXTENT = 4096;
export const ATTRIBUTION = 'Natural Earth; GeoNames (CC BY 4.0); Unicode CLDR; INSEE, Etalab (Licence Ouverte)';

// Each layer: its features, from which zoom it is cut, and which features a zoom takes.
function sources() {
	const all = layers.towns();
	const { place, town } = layers.places(all);
	return [
		{ name: 'land', data: layers.land(), from: 0 },
		{ name: 'urban', data: urban(all), from: 3, keep: (p, z) => p.z <= z },
		{ name: 'lake', data: layers.lakes(), from: 1, keep: (p, z) => p.rank <= z },
		{ name: 'river', data: layers.rivers(), from: 2, keep: (p, z) => z === MAX_ZOOM || p.z <= z + 1.8 },
		{ name: 'boundary', data: layers.boundaries(), from: 0, keep: (p, z) => z >= (p.kind === 'dep' || p.kind === 'reg' ? 4 : 0) },
		{ name: 'town', data: town, from: MAX_ZOOM, point: true },
		{ name: 'area', data: layers.areas(), from: 4, point: true, keep: (p, z) => p.z < z + 1 },
		{ name: 'place', data: place, from: 1, point: true, keep: (p, z) => p.z < z + 1 },
		{ name: 'country', data: layers.countries(), from: 0, point: true, keep: (p, z) => p.z < z + 1.5 },
	];
}

function index(source) {
	return new GeoJSONVT(source.data, {
		maxZoom: MAX_ZOOM, indexMaxZoom: MAX_ZOOM, indexMaxPoints: 0, extent: EXTENT,
		tolerance: source.name === 'land' || source.name === 'boundary' ? 3.5 : 4, buffer: source.point ? 0 : 64,
	});
}

function cutTile(sources, z, x, y) {
	const tiles = {};
	let land = null;
	let any = false;
	for (const s of sources) {
		const tile = z >= s.from ? s.index.getTile(z, x, y) : null;
		if (!tile) {
			continue;
		}
		let cut = s.keep ? { ...tile, features: tile.features.filter((f) => s.keep(f.tags, z)) } : tile;
		if (s.name === 'land') {
			land = cut;
		} else if (s.name === 'urban') {
			cut = clipToLand(cut, land, EXTENT);
		}
		if (cut.features.length > 0) {
			tiles[s.name] = cut;
			any = true;
		}
	}
	return any ? fromGeojsonVt(tiles, { version: 2, extent: EXTENT }) : null;
}

function cutAll(sources) {
	const out = [];
	for (let z = 0; z <= MAX_ZOOM; z++) {
		for (let x = 0; x < 2 ** z; x++) {
			for (let y = 0; y < 2 ** z; y++) {
				const data = cutTile(sources, z, x, y);
				if (data) {
					out.push({ z, x, y, data: gzipSync(data, { level: 9 }) });
				}
			}
		}
	}
	return out;
}

function fieldsOf(features) {
	const fields = {};
	for (const f of features) {
		for (const [k, v] of Object.entries(f.properties)) {
			fields[k] = typeof v === 'number' ? 'Number' : 'String';
		}
	}
	return fields;
}

function main() {
	const { values } = parseArgs({ options: { out: { type: 'string', default: 'build/basemap.pmtiles' } } });
	const list = sources();
	const metadata = {
		name: 'Maillage base map', format: 'pbf', type: 'baselayer', version: '1', attribution: ATTRIBUTION,
		vector_layers: list.map((s) => ({ id: s.name, fields: fieldsOf(s.data.features), minzoom: s.from, maxzoom: MAX_ZOOM })),
	};
	list.forEach((s) => {
		s.index = index(s);
	});
	const tiles = cutAll(list);
	const archive = writePMTiles(tiles, {
		metadata, minZoom: 0, maxZoom: MAX_ZOOM, bounds: [-180, -85.051128, 180, 85.051128], center: [2.4, 46.6, 5],
	});
	fs.mkdirSync(path.dirname(values.out), { recursive: true });
	fs.writeFileSync(`${values.out}.tmp`, archive);
	fs.renameSync(`${values.out}.tmp`, values.out);
	console.log(`${values.out}: ${tiles.length} tiles, ${(archive.length / 1e6).toFixed(2)} MB`);
}

main();
