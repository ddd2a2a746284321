// The writer of PMTiles, read back with the reader that browsers use; and the base map that the build made.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { PMTiles, zxyToTileId } from 'pmtiles';
import { tileId, writePMTiles } from '../../tools/basemap/pmtiles.mjs';

const OPTIONS = { metadata: { name: 'test' }, minZoom: 0, maxZoom: 6, bounds: [-180, -85, 180, 85], center: [2.4, 46.6, 5] };

function open(bytes) {
	const source = { getKey: () => 'memory', getBytes: async (at, n) => ({ data: bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + at + n) }) };
	return new PMTiles(source);
}

const tile = (z, x, y, text) => ({ z, x, y, data: gzipSync(Buffer.from(text), { level: 9 }) });
const textOf = (answer) => Buffer.from(answer.data).toString();

test('tiles are numbered as the format wants', () => {
	for (const [z, x, y] of [[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1], [3, 2, 5], [6, 33, 22], [9, 511, 0], [14, 8299, 5632]]) {
		assert.equal(tileId(z, x, y), zxyToTileId(z, x, y), `${z}/${x}/${y}`);
	}
});

test('what is written is read back; what is not there is not', async () => {
	const tiles = [tile(1, 0, 0, 'a'), tile(0, 0, 0, 'world'), tile(1, 1, 1, 'b'), tile(2, 3, 1, 'c')];
	const archive = open(writePMTiles(tiles, OPTIONS));
	assert.equal(textOf(await archive.getZxy(0, 0, 0)), 'world');
	assert.equal(textOf(await archive.getZxy(1, 1, 1)), 'b');
	assert.equal(textOf(await archive.getZxy(2, 3, 1)), 'c');
	assert.equal(await archive.getZxy(2, 0, 0), undefined);
	assert.equal(await archive.getZxy(1, 1, 0), undefined);
	assert.deepEqual(await archive.getMetadata(), { name: 'test' });
	const h = await archive.getHeader();
	assert.deepEqual([h.specVersion, h.clustered, h.minZoom, h.maxZoom, h.numAddressedTiles, h.numTileContents], [3, true, 0, 6, 4, 4]);
	assert.deepEqual([h.centerLon, h.centerLat, h.centerZoom, h.maxLat], [2.4, 46.6, 5, 85]);
});

test('equal tiles are stored once and runs share an entry', async () => {
	const tiles = [];
	for (let x = 0; x < 8; x++) {
		for (let y = 0; y < 8; y++) {
			tiles.push(tile(3, x, y, x === 7 ? 'land' : 'sea'));
		}
	}
	const bytes = writePMTiles(tiles, OPTIONS);
	const archive = open(bytes);
	const h = await archive.getHeader();
	assert.equal(h.numAddressedTiles, 64);
	assert.equal(h.numTileContents, 2);
	assert.ok(h.numTileEntries < 12);
	assert.equal(textOf(await archive.getZxy(3, 7, 7)), 'land');
	assert.equal(textOf(await archive.getZxy(3, 6, 7)), 'sea');
	assert.deepEqual(writePMTiles([...tiles].reverse(), OPTIONS), bytes);
});

// Text of a length that no directory can foresee.
function noise(x, y) {
	const hash = createHash('sha512').update(`${x} ${y}`).digest('hex');
	return hash.slice(0, parseInt(hash.slice(0, 2), 16) / 2);
}

test('many tiles spread over leaf directories', async () => {
	const tiles = [];
	for (let x = 0; x < 256; x++) {
		for (let y = 0; y < 128; y++) {
			tiles.push({ z: 8, x, y, data: gzipSync(Buffer.from(`${noise(x, y)} ${x}/${y}`)) });
		}
	}
	const archive = open(writePMTiles(tiles, { ...OPTIONS, maxZoom: 8 }));
	const h = await archive.getHeader();
	assert.ok(h.leafDirectoryLength > 0);
	assert.ok(h.rootDirectoryOffset + h.rootDirectoryLength <= 16384);
	for (const [x, y] of [[0, 0], [255, 127], [64, 3], [17, 99]]) {
		assert.ok(textOf(await archive.getZxy(8, x, y)).trim().endsWith(` ${x}/${y}`));
	}
});

const built = path.join(process.env.BUILD ?? 'build', 'tools/basemap/basemap.pmtiles');

test('the base map', { skip: !fs.existsSync(built) && 'not built' }, async (t) => {
	const bytes = fs.readFileSync(built);
	const archive = open(bytes);
	const h = await archive.getHeader();
	const seen = {};
	const named = new Map();
	let tiles = 0;
	for (let z = 0; z <= 6; z++) {
		for (let x = 0; x < 2 ** z; x++) {
			for (let y = 0; y < 2 ** z; y++) {
				const answer = await archive.getZxy(z, x, y);
				if (!answer) {
					continue;
				}
				tiles++;
				for (const [name, layer] of Object.entries(new VectorTile(new PbfReader(new Uint8Array(answer.data))).layers)) {
					seen[name] = (seen[name] ?? 0) + layer.length;
					for (let i = 0; i < layer.length; i++) {
						const f = layer.feature(i);
						assert.ok(f.loadGeometry().length > 0);
						if (z === 6 && f.properties.name) {
							named.set(`${name} ${f.properties.iso2 ?? f.properties.code ?? f.properties.name}`, f.properties);
						}
					}
				}
			}
		}
	}
	await t.test('is whole and not large', () => {
		assert.equal(tiles, h.numAddressedTiles);
		assert.ok(tiles > 3000);
		assert.ok(bytes.length < 6e6, String(bytes.length));
		assert.deepEqual(Object.keys(seen).sort(), ['area', 'boundary', 'country', 'lake', 'land', 'place', 'river', 'town', 'urban']);
	});
	await t.test('names places in five languages', () => {
		assert.equal(named.get('place Tunis').name_ar, 'تونس');
		assert.equal(named.get('place London').name_fr, 'Londres');
		assert.equal(named.get('place Lisbon').name_pt, 'Lisboa');
		assert.equal(named.get('place Milan').name_es, 'Milán');
		assert.equal(named.get('place Cairo').name_ar, 'القاهرة');
		assert.equal(named.get('country DE').name_fr, 'Allemagne');
		assert.equal(named.get('country PS').name, 'Palestine');
		assert.equal(named.get('country SN').name_ar, 'السنغال');
	});
	await t.test('has every département and the towns of France', () => {
		assert.equal([...named.keys()].filter((k) => k.startsWith('area ')).length, 101);
		assert.equal(named.get('area 26').name, 'Drôme');
		assert.ok(named.has('town Crest') && named.has('town Die'));
		assert.ok(seen.town > 15000);
	});
	await t.test('draws disputed borders apart', async () => {
		const answer = await archive.getZxy(3, 3, 3);
		const layer = new VectorTile(new PbfReader(new Uint8Array(answer.data))).layers.boundary;
		const kinds = Array.from({ length: layer.length }, (_, i) => layer.feature(i).properties.kind);
		assert.ok(kinds.includes('disputed') && kinds.includes('country'));
	});
	await t.test('is gzipped tile by tile', () => {
		const at = h.tileDataOffset;
		assert.deepEqual([bytes[at], bytes[at + 1]], [0x1f, 0x8b]);
		assert.ok(gunzipSync(bytes.subarray(h.jsonMetadataOffset, h.jsonMetadataOffset + h.jsonMetadataLength)).includes('GeoNames'));
	});
});
