// Outlines for the maps that the server draws: node tools/basemap/outlines.mjs OUT.bin OUT.S
// Countries, French régions and départements, the land as a whole and lakes, as arcs that neighbours share. Each point
// carries how much the outline would change without it, so that the server drops what a given scale cannot show. The
// layout is read by src/core/outline.c; change both together.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { mergeArcs } from 'topojson-client';
import { topology as topologyOf } from 'topojson-server';
import { REGIONS } from '../atlas/regions.mjs';
import { departements } from './france.mjs';
import { arcLine, arcOwners, mercatorY, ringArea } from './geo.mjs';
import { boxesFor, isoCodes, LEASED } from './layers.mjs';
import { packageJson } from './packages.mjs';
import { weights } from './visvalingam.mjs';

const UNIT = 2000; // a degree
const LEVEL = { land: 0, country: 1, region: 2, departement: 3, lake: 4 };
const KIND = { coast: 0, country: 1, region: 2, departement: 3, disputed: 4 };

// Smallest change in square degrees that is kept: finer where most sites of this network look closely.
const NEAR = [-6, 41, 10.5, 52];
const isNear = ([x, y]) => x >= NEAR[0] && x <= NEAR[2] && y >= mercatorY(NEAR[1]) && y <= mercatorY(NEAR[3]);
// Mercator swells the north: what is kept there stands for the same ground.
const swell = ([, y]) => Math.cosh((y * Math.PI) / 180) ** 2;
const leastOf = (point) => (isNear(point) ? 6e-6 : 8e-4) * swell(point);
const leastIsland = (point) => (isNear(point) ? 2e-4 : 4e-3) * swell(point);

// Overseas collectivities that are countries in the source and départements to INSEE.
const COLLECTIVITIES = { PM: '975', BL: '977', MF: '978', WF: '986', PF: '987', NC: '988' };

const arcs = []; // { kind, points: [[x, y]], weights }
const shapes = []; // { code, level, rings: [[±arc]] }

// The line of an arc in Mercator degrees, without jumps over the antimeridian.
function flatLine(topology, arc) {
	let shift = 0;
	return arcLine(topology, arc).map(([x, y], i, line) => {
		if (i > 0) {
			const step = x - line[i - 1][0];
			shift += step > 180 ? -360 : step < -180 ? 360 : 0;
		}
		return [x + shift, mercatorY(y)];
	});
}

// By how many degrees each arc is moved so that no ring jumps: a ring over the antimeridian lies on the side of its middle.
function shiftsOf(topology, list) {
	const shifts = new Map();
	for (const ring of list.flatMap((s) => s.rings)) {
		const own = [];
		let at = null;
		const xs = [];
		for (const a of ring) {
			const line = flatLine(topology, a < 0 ? ~a : a);
			const [from, to] = a < 0 ? [line.at(-1)[0], line[0][0]] : [line[0][0], line.at(-1)[0]];
			const shift = at === null ? 0 : Math.round((at - from) / 360) * 360;
			own.push([a < 0 ? ~a : a, shift]);
			line.forEach((p) => xs.push(p[0] + shift));
			at = to + shift;
		}
		const middle = xs.reduce((sum, x) => sum + x, 0) / xs.length;
		const turn = Math.round(middle / 360) * 360;
		own.forEach(([arc, shift]) => shifts.has(arc) || shifts.set(arc, shift - turn));
	}
	return shifts;
}

// Adds the arcs of a topology that its shapes use; returns their new numbers.
function addArcs(topology, used, kindOf, list) {
	const numbers = new Map();
	const shifts = shiftsOf(topology, list);
	for (const arc of [...used].sort((a, b) => a - b)) {
		const line = flatLine(topology, arc).map(([x, y]) => [x + (shifts.get(arc) ?? 0), y]);
		const weight = weights(line);
		const keep = line.map((p, i) => i === 0 || i === line.length - 1 || weight[i] >= leastOf(p));
		numbers.set(arc, arcs.length);
		arcs.push({ kind: kindOf(arc), points: line.filter((_, i) => keep[i]), weights: weight.filter((_, i) => keep[i]) });
	}
	return numbers;
}

// Polygons as lists of rings of arcs, islands too small to show left out (but never the largest).
function ringsOf(topology, geometry) {
	const polygons = geometry.type === 'Polygon' ? [geometry.arcs] : geometry.arcs;
	const area = (ring) => {
		const line = ring.flatMap((a) => (a < 0 ? flatLine(topology, ~a).reverse() : flatLine(topology, a)));
		return { size: Math.abs(ringArea(line)), at: line[0] };
	};
	const sized = polygons.map((p) => ({ rings: p, ...area(p[0]) }));
	const largest = Math.max(...sized.map((p) => p.size));
	return sized.filter((p) => p.size === largest || p.size >= leastIsland(p.at)).flatMap((p) => p.rings);
}

function add(level, code, rings, numbers) {
	shapes.push({ level: LEVEL[level], code, rings: rings.map((ring) => ring.map((a) => (a < 0 ? ~numbers.get(~a) : numbers.get(a)))) });
}

function arcsIn(list) {
	return new Set(list.flatMap((s) => s.rings.flat()).map((a) => (a < 0 ? ~a : a)));
}

function countries() {
	const topology = packageJson('world-atlas/countries-10m.json');
	const object = topology.objects.countries;
	const geometries = object.geometries.filter((g) => g.properties.name !== 'Antarctica' && g.arcs);
	const byNumber = isoCodes();
	const owners = arcOwners(object);
	const kindOf = (arc) => {
		const names = owners.get(arc).map((i) => object.geometries[i].properties.name);
		if (names.length < 2 || names.some((n) => LEASED.has(n))) {
			return KIND.coast;
		}
		const boxes = boxesFor(...names);
		const line = arcLine(topology, arc);
		const inside = line.filter(([x, y]) => boxes.some(([w, s, e, n]) => x >= w && x <= e && y >= s && y <= n));
		return inside.length * 2 > line.length ? KIND.disputed : KIND.country;
	};
	const merged = mergeArcs(topology, geometries);
	const list = [{ level: 'land', code: '', rings: ringsOf(topology, merged) }];
	for (const g of geometries) {
		const iso2 = g.properties.name === 'Kosovo' ? 'XK' : byNumber.get(g.id);
		if (!iso2) {
			continue;
		}
		const rings = ringsOf(topology, g);
		list.push({ level: 'country', code: iso2, rings });
		if (COLLECTIVITIES[iso2]) {
			list.push({ level: 'departement', code: COLLECTIVITIES[iso2], rings });
		}
	}
	// Borders of countries that have no code of their own are lines of the map too.
	const used = arcsIn(list);
	owners.forEach((o, arc) => o.length > 1 && used.add(arc));
	const numbers = addArcs(topology, used, kindOf, list);
	list.forEach((s) => add(s.level, s.code, s.rings, numbers));
}

function france() {
	const { topology, object } = departements();
	const owners = arcOwners(object);
	const kindOf = (arc) => {
		const regions = owners.get(arc).map((i) => object.geometries[i].properties.region);
		return regions.length < 2 ? KIND.coast : regions[0] === regions[1] ? KIND.departement : KIND.region;
	};
	const list = object.geometries.map((g) => ({ level: 'departement', code: g.properties.code, rings: ringsOf(topology, g) }));
	for (const [insee, [code]] of Object.entries(REGIONS)) {
		const parts = object.geometries.filter((g) => Number(g.properties.region) === Number(insee));
		list.push({ level: 'region', code, rings: ringsOf(topology, mergeArcs(topology, parts)) });
	}
	const numbers = addArcs(topology, arcsIn(list), kindOf, list);
	list.forEach((s) => add(s.level, s.code, s.rings, numbers));
}

function lakes() {
	const features = packageJson('mapeo-offline-map/dist/lakes.json').features;
	const topology = topologyOf({ lakes: { type: 'FeatureCollection', features } });
	const list = topology.objects.lakes.geometries.map((g, i) => ({ level: 'lake', code: String(i).padStart(3, '0'), rings: ringsOf(topology, g) }));
	const numbers = addArcs(topology, arcsIn(list), () => KIND.coast, list);
	list.forEach((s) => add(s.level, s.code, s.rings, numbers));
}

function varint(out, v) {
	let z = v < 0 ? -2 * v - 1 : 2 * v;
	while (z >= 0x80) {
		out.push((z % 0x80) | 0x80);
		z = Math.floor(z / 0x80);
	}
	out.push(z);
}

const scaled = (v) => Math.round(v * UNIT);
const weightByte = (area) => Math.max(0, Math.min(254, Math.round(7 * Math.log2(Math.max(area, 1e-9) / 1e-7))));

// Arc table and point bytes. Points that fall together on the grid are dropped.
function encodeArcs() {
	const table = [];
	const bytes = [];
	for (const arc of arcs) {
		const points = arc.points.map(([x, y]) => [scaled(x), scaled(y)]);
		const xs = points.map((p) => p[0]);
		const ys = points.map((p) => p[1]);
		const offset = bytes.length;
		let [x, y] = points[0];
		let n = 1;
		points.slice(1).forEach(([px, py], i) => {
			const last = i === points.length - 2;
			if (px === x && py === y && !last) {
				return;
			}
			varint(bytes, px - x);
			varint(bytes, py - y);
			bytes.push(last ? 255 : weightByte(arc.weights[i + 1]));
			[x, y] = [px, py];
			n++;
		});
		arc.box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
		table.push([...arc.box, points[0][0], points[0][1], offset, n, arc.kind]);
	}
	return { table, bytes };
}

function boxOf(rings) {
	const boxes = rings.flat().map((a) => arcs[a < 0 ? ~a : a].box);
	return [
		Math.min(...boxes.map((b) => b[0])), Math.min(...boxes.map((b) => b[1])), Math.max(...boxes.map((b) => b[2])), Math.max(...boxes.map((b) => b[3])),
	];
}

function encode() {
	const { table, bytes } = encodeArcs();
	shapes.sort((a, b) => a.level - b.level || (a.code < b.code ? -1 : 1));
	const refs = [];
	const shapeRows = Buffer.alloc(shapes.length * 40);
	shapes.forEach((s, i) => {
		const first = refs.length;
		s.rings.forEach((ring) => refs.push(ring.length, ...ring));
		shapeRows.write(s.code, i * 40, 'latin1');
		[s.level, first, refs.length - first].forEach((v, k) => shapeRows.writeUInt32LE(v, i * 40 + 12 + 4 * k));
		boxOf(s.rings).forEach((v, k) => shapeRows.writeInt32LE(v, i * 40 + 24 + 4 * k));
	});
	const arcRows = Buffer.from(new Int32Array(table.flat()).buffer);
	const refRows = Buffer.from(new Int32Array(refs).buffer);
	const head = Buffer.alloc(32);
	head.write('MAILOUT1', 0, 'latin1');
	const size = 32 + arcRows.length + shapeRows.length + refRows.length + bytes.length;
	[UNIT, table.length, shapes.length, refs.length, bytes.length, size].forEach((v, k) => head.writeUInt32LE(v, 8 + 4 * k));
	return Buffer.concat([head, arcRows, shapeRows, refRows, Buffer.from(bytes)]);
}

const [out, asm] = process.argv.slice(2);
countries();
france();
lakes();
const made = encode();
fs.writeFileSync(out, made);
fs.writeFileSync(asm, `/* ${createHash('sha256').update(made).digest('hex')} */
	.section .rodata
	.global outline_data, outline_data_end
	.balign 64
outline_data:
	.incbin "${path.resolve(out)}"
outline_data_end:
	.section .note.GNU-stack, "", %progbits
`);
console.log(`${out}: ${shapes.length} shapes, ${arcs.length} arcs, ${arcs.reduce((n, a) => n + a.points.length, 0)} points, ${(made.length / 1000).toFixed(0)} kB`);
