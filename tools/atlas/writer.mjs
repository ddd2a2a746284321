/*
 * Writes records into the one file that src/core/atlas.c reads in place. The layout is declared here and in
 * src/core/atlas_data.h; change both, and the version. All integers are little-endian and aligned to four bytes.
 */
import { bare, key } from './fold.mjs';
import { arabicName, LANGUAGES } from './world.mjs';

export const VERSION = 1;
const LEVELS = ['world', 'country', 'region', 'departement', 'epci', 'commune', 'arrondissement', 'town'];
const POINTS = ['none', 'approx', 'town', 'exact'];
const KIND = { NAME: 0, VARIANT: 1, OTHER: 2, OTHER_VARIANT: 3, POSTAL: 4, FORMER: 5, PART: 6 };
const FORMER = 1;
const CELLS = { rows: 360, columns: 720 }; /* half a degree */
const BLOCK = 16;
const KEY_MAX = 120;

/* Text, each once: a byte of length, the bytes, at an offset that stands for it. Offset 0 is no text. */
class Pool {
	constructor() {
		this.chunks = [Buffer.alloc(4)];
		this.size = 4;
		this.at = new Map();
	}

	put(text) {
		if (text === undefined || text === null || text === '') {
			return 0;
		}
		let at = this.at.get(text);
		if (at === undefined) {
			const bytes = Buffer.from(text, 'utf8');
			if (bytes.length > 255) {
				throw new Error(`text too long for the pool: ${text}`);
			}
			at = this.size;
			this.at.set(text, at);
			this.chunks.push(Buffer.from([bytes.length]), bytes);
			this.size += bytes.length + 1;
		}
		return at;
	}

	bytes() {
		return Buffer.concat(this.chunks);
	}
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/* Records in the order of their ids (1…): by country, then level, then code; a country is one range. */
function order(records) {
	return records.sort((a, b) => compare(a.country, b.country) || LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || compare(a.code, b.code));
}

/* How much a place is looked for: from 0 to 63, mostly its population. */
function rank(r) {
	const people = Math.log2((r.weight ?? r.population ?? 0) + 1) * 2.1;
	const shift = { country: 10, region: r.country === 'FR' ? 0 : -4, departement: -2, epci: -8, arrondissement: -6 }[r.level] ?? 0;
	return Math.max(0, Math.min(63, Math.round(people + shift)));
}

/* Towns under so many inhabitants are found by their name and their Arabic ones only: the rest is noise. */
const SMALL = 1000;
const LATIN = /^[\p{Script=Latin}\p{M}0-9 '’ʼ`.,()/-]+$/u;
const ARABIC = /^[\u0600-\u06ff\u200c ()-]+$/u;

/* An alternate name of GeoNames worth searching by: Latin or Arabic script, no airport codes, no romanised non-words. */
function usable(name, r) {
	if ((r.population ?? 0) < SMALL && name !== r.ascii && !ARABIC.test(name)) {
		return false;
	}
	return name.length > 1 && name.length <= 50 && !/^[A-Z]{2,4}$/.test(name) /* airports */ && !name.includes('،') &&
		(ARABIC.test(name) || (LATIN.test(name) && !/^[a-z]/.test(name)));
}

/* All keys by which a record is found: [key, shown name, kind]. */
function keysOf(r) {
	const found = new Map();
	const add = (k, shown, kind) => {
		const cut = k.slice(0, KEY_MAX);
		if (cut && Buffer.byteLength(cut) <= KEY_MAX && !/[\ud800-\udfff]/.test(cut) && !(found.get(cut)?.[2] <= kind)) {
			found.set(cut, [cut, shown, kind]);
		}
	};
	const spell = (name, kind, variant) => {
		const k = key(name);
		add(k, name, kind);
		add(bare(k), name, variant);
		if (/[^ ]['’ʼ`]\p{L}/u.test(name)) {
			add(key(name.replace(/['’ʼ`]/g, '')), name, variant);
		}
		const part = /^(?:saint|sainte) (.+)$/.exec(k);
		if (part && r.level !== 'epci') {
			add(part[1], name, KIND.PART);
		}
	};
	if (r.former) {
		return [];
	}
	spell(r.name, KIND.NAME, KIND.VARIANT);
	for (const name of Object.values(r.names ?? {}).filter(Boolean)) {
		spell(name, r.level === 'country' ? KIND.NAME : KIND.OTHER, KIND.OTHER_VARIANT);
	}
	/* A shorter form of the name is found by its beginning; as a name of its own it would pass for its namesakes. */
	const own = `${key(r.name)} `;
	const other = (name) => {
		if (!own.startsWith(`${key(name)} `)) {
			spell(name, KIND.OTHER, KIND.OTHER_VARIANT);
		}
	};
	r.alternates.filter((n) => n.length <= 80).forEach(other);
	r.foreign.filter((n) => n !== r.name && usable(n, r)).forEach(other);
	for (const name of r.formerNames) {
		add(key(name), name, KIND.FORMER);
		add(bare(key(name)), name, KIND.FORMER);
	}
	for (const code of r.postal) {
		add(code, code, KIND.POSTAL);
	}
	return [...found.values()];
}

function box(points) {
	if (points.length === 0) {
		return null;
	}
	const lats = points.map((p) => p.lat);
	const lons = points.map((p) => p.lon).sort((a, b) => a - b);
	/* The widest empty stretch of longitudes is what the box leaves out; it may cross the antimeridian: then east > 180. */
	let west = lons[0];
	let east = lons[lons.length - 1];
	let widest = west + 360 - east;
	for (let i = 1; i < lons.length; i++) {
		if (lons[i] - lons[i - 1] > widest) {
			widest = lons[i] - lons[i - 1];
			west = lons[i];
			east = lons[i - 1] + 360;
		}
	}
	return [lats.reduce((a, b) => Math.min(a, b)), west, lats.reduce((a, b) => Math.max(a, b)), east];
}

const fixed = (degrees) => Math.round(degrees * 1e5);

function u32s(values) {
	const b = Buffer.alloc(values.length * 4);
	values.forEach((v, i) => b.writeUInt32LE(v >>> 0, i * 4));
	return b;
}

/* The tree: children by level and name, members of EPCI, formers of communes, boxes. */
function tree(records) {
	for (const r of records) {
		r.children = [];
		r.formers = [];
	}
	const byCode = new Map(records.map((r) => [`${r.level === 'town' || r.level === 'country' ? '' : r.country}/${r.code}`, r]));
	const find = (r, code) => byCode.get(`${r.country}/${code}`) ?? byCode.get(`/${code}`);
	for (const r of records) {
		r.up = r.parent ? find(r, r.parent) : null;
		r.inEpci = r.epci ? find(r, r.epci) : null;
		r.successor = r.now ? find(r, r.now) : null;
		if (r.parent && !r.up) {
			throw new Error(`${r.code}: no parent ${r.parent}`);
		}
		if (r.former) {
			r.successor.formers.push(r);
			continue;
		}
		r.up?.children.push(r);
		if (r.level === 'commune') {
			r.inEpci?.children.push(r);
		}
	}
	const byName = (a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || compare(bare(key(a.name)), bare(key(b.name))) || compare(a.code, b.code);
	for (const r of records) {
		r.children.sort(byName);
		r.formers.sort(byName);
	}
	const european = (c) => c.lat > 40 && c.lon > -10;
	const leaves = (r) => (r.level === 'country' && r.code === 'FR' ? r.children.filter(european) : r.children)
		.flatMap((c) => (c.children.length > 0 && c.level !== 'commune' ? leaves(c) : c.point !== 'none' ? [c] : []));
	for (const r of records) {
		r.box = r.children.length > 0 && r.level !== 'commune' ? box(leaves(r)) : null;
	}
}

/* Sorted keys in blocks of BLOCK: the first whole, the others as (shared, rest). */
function keySections(records, pool) {
	const keys = [];
	for (const r of records) {
		const level = LEVELS.indexOf(r.level);
		for (const [k, shown, kind] of keysOf(r)) {
			keys.push({ k, shown, packed: ((level << 28) | (kind << 25) | (rank(r) << 19) | r.id) >>> 0, rank: rank(r), id: r.id });
		}
	}
	keys.sort((a, b) => compare(a.k, b.k) || b.rank - a.rank || a.id - b.id);
	const blocks = [];
	const chunks = [];
	let size = 0;
	let before = null;
	const put = (b) => {
		chunks.push(b);
		size += b.length;
	};
	keys.forEach(({ k }, i) => {
		const bytes = Buffer.from(k, 'utf8');
		if (i % BLOCK === 0) {
			blocks.push(size);
			put(Buffer.from([bytes.length]));
			put(bytes);
		} else {
			let shared = 0;
			while (shared < before.length && shared < bytes.length && before[shared] === bytes[shared]) {
				shared++;
			}
			put(Buffer.from([shared, bytes.length - shared]));
			put(bytes.subarray(shared));
		}
		before = bytes;
	});
	return { bytes: Buffer.concat(chunks), blocks: u32s(blocks), packed: u32s(keys.map((x) => x.packed)), shown: u32s(keys.map((x) => pool.put(x.shown))), count: keys.length };
}

function grid(records) {
	const cells = Array.from({ length: CELLS.rows * CELLS.columns }, () => []);
	for (const r of records) {
		if (r.former || r.point === 'none') {
			continue;
		}
		const row = Math.min(CELLS.rows - 1, Math.max(0, Math.floor((r.lat + 90) * 2)));
		const column = Math.min(CELLS.columns - 1, Math.max(0, Math.floor((r.lon + 180) * 2)));
		cells[row * CELLS.columns + column].push(r.id);
	}
	const starts = [0];
	for (const c of cells) {
		starts.push(starts[starts.length - 1] + c.length);
	}
	return { starts: u32s(starts), ids: u32s(cells.flat()) };
}

/* Words of four bytes, as atlas.c sums them. */
export function checksum(buffer) {
	let h = 0x811c9dc5;
	for (let i = 0; i < buffer.length; i += 4) {
		h = Math.imul(h ^ buffer.readUInt32LE(i), 0x01000193);
	}
	return h >>> 0;
}

function recordBytes(records, pool, zones, countries) {
	const rec = Buffer.alloc((records.length + 1) * 40);
	const ext = [Buffer.alloc(36)];
	const lists = [];
	const names = [u32s([0, 0, 0, 0, 0])];
	const boxes = [Buffer.alloc(16)];
	const list = (members) => {
		const first = lists.length;
		members.forEach((m) => lists.push(m.id));
		return [first, members.length];
	};
	for (const r of records) {
		let extra = 0;
		if (r.inEpci || r.postal.length > 0 || r.successor || r.children.length > 0 || r.formers.length > 0) {
			extra = ext.length;
			let b = 0;
			if (r.box) {
				b = boxes.length;
				boxes.push(u32s(r.box.map(fixed)));
			}
			ext.push(u32s([r.inEpci?.id ?? 0, pool.put(r.postal.join(',')), r.successor?.id ?? 0, pool.put(r.until), ...list(r.children), ...list(r.formers), b]));
		}
		let named = 0;
		const translated = { ...r.names };
		translated.ar ??= arabicName(r.foreign, r.country);
		if (Object.values(translated).some(Boolean)) {
			named = names.length;
			names.push(u32s(LANGUAGES.map((l) => pool.put(translated[l]))));
		}
		const at = r.id * 40;
		const words = [pool.put(r.name), pool.put(r.code), r.up?.id ?? 0, r.population ?? 0xffffffff, r.point === 'none' ? 0 : fixed(r.lat), r.point === 'none' ? 0 : fixed(r.lon), named, extra];
		words.forEach((w, i) => rec.writeUInt32LE(w >>> 0, at + i * 4));
		rec[at + 32] = LEVELS.indexOf(r.level);
		rec[at + 33] = POINTS.indexOf(r.point);
		rec.writeInt8(r.tncc, at + 34);
		rec[at + 35] = r.rurality;
		rec.writeUInt16LE(r.timezone ? zones.indexOf(r.timezone) + 1 : 0, at + 36);
		rec[at + 38] = countries.indexOf(r.country);
		rec[at + 39] = r.former ? FORMER : 0;
	}
	return { rec, ext: Buffer.concat(ext), lists: u32s(lists), names: Buffer.concat(names), boxes: Buffer.concat(boxes) };
}

/* For each country: its text, its record, the first and last of its ids, how many of each level are in force. */
function countryBytes(records, countries, pool) {
	const rows = new Map(countries.map((iso) => [iso, { id: 0, first: 0, last: 0, counts: LEVELS.map(() => 0) }]));
	for (const r of records) {
		const row = rows.get(r.country);
		row.first ||= r.id;
		row.last = r.id;
		row.id = r.level === 'country' ? r.id : row.id;
		row.counts[LEVELS.indexOf(r.level)] += r.former ? 0 : 1;
	}
	return u32s(countries.flatMap((iso) => {
		const row = rows.get(iso);
		return [pool.put(iso), row.id, row.first, row.last, ...row.counts];
	}));
}

/* The whole file. Sections are numbered as in atlas_data.h. */
export function write(records) {
	order(records).forEach((r, i) => {
		r.id = i + 1;
	});
	if (records.length >= 1 << 19) {
		throw new Error('more records than an id can number');
	}
	tree(records);
	const pool = new Pool();
	const zones = [...new Set(records.map((r) => r.timezone).filter(Boolean))].sort(compare);
	const countries = [...new Set(records.map((r) => r.country))].sort(compare);
	const r = recordBytes(records, pool, zones, countries);
	const perLevel = LEVELS.map((l) => records.filter((x) => x.level === l).sort((a, b) => compare(a.code, b.code)).map((x) => x.id));
	const starts = perLevel.reduce((s, l) => [...s, s[s.length - 1] + l.length], [0]);
	const aliases = records.flatMap((x) => x.aliases.map((a) => [a, x.id])).sort((a, b) => compare(a[0], b[0]));
	const keys = keySections(records, pool);
	const cells = grid(records);
	const sections = [
		[r.rec, 40], [r.ext, 36], [r.lists, 4], [r.names, 20], [r.boxes, 16], [u32s(starts), 4], [u32s(perLevel.flat()), 4],
		[u32s(aliases.flatMap(([a, id]) => [pool.put(a), id])), 8], [keys.bytes, 1], [keys.blocks, 4], [keys.packed, 4], [keys.shown, 4],
		[cells.starts, 4], [cells.ids, 4], [u32s(zones.map((z) => pool.put(z))), 4], [countryBytes(records, countries, pool), 48],
	];
	sections.push([pool.bytes(), 1]);
	return { bytes: assemble(sections), keys: keys.count, sections: sections.map((s) => s[0].length), records: records.length };
}

function assemble(sections) {
	const head = Buffer.alloc(32 + sections.length * 16);
	const body = [];
	let at = head.length;
	sections.forEach(([bytes, each], i) => {
		head.writeUInt32LE(at, 32 + i * 16);
		head.writeUInt32LE(bytes.length / each, 36 + i * 16);
		head.writeUInt32LE(each, 40 + i * 16);
		const pad = Buffer.alloc((4 - (bytes.length % 4)) % 4);
		body.push(bytes, pad);
		at += bytes.length + pad.length;
	});
	const rest = Buffer.concat(body);
	head.write('MLATLAS\0', 0, 'latin1');
	head.writeUInt32LE(VERSION, 8);
	head.writeUInt32LE(0x01020304, 12);
	head.writeUInt32LE(at, 16);
	head.writeUInt32LE(checksum(rest), 20);
	head.writeUInt32LE(sections.length, 24);
	head.writeUInt32LE((checksum(head.subarray(32)) ^ checksum(head.subarray(0, 28))) >>> 0, 28);
	return Buffer.concat([head, rest]);
}
