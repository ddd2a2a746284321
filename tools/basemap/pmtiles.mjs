// Writes one PMTiles v3 archive: tiles in Hilbert order (clustered), equal tiles stored once, runs of equal tiles in one
// entry, directories and metadata gzipped. The same tiles always give the same bytes.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

const HEADER = 127;
const ROOT_MAX = 16384 - HEADER;
const GZIP = 2;
const MVT = 1;

// The number of a tile: all tiles of lower zooms first, then along the Hilbert curve of its zoom.
export function tileId(z, x, y) {
	let id = (4 ** z - 1) / 3;
	for (let s = 2 ** (z - 1); s >= 1; s /= 2) {
		const rx = x & s ? 1 : 0;
		const ry = y & s ? 1 : 0;
		id += s * s * ((3 * rx) ^ ry);
		if (ry === 0) {
			if (rx === 1) {
				x = s - 1 - x;
				y = s - 1 - y;
			}
			[x, y] = [y, x];
		}
		x &= s - 1;
		y &= s - 1;
	}
	return id;
}

function varint(out, v) {
	while (v >= 0x80) {
		out.push((v % 0x80) | 0x80);
		v = Math.floor(v / 0x80);
	}
	out.push(v);
}

// Column by column, as the format wants: ids as differences, runs, lengths, offsets (0: right after the one before).
function directory(entries) {
	const out = [];
	varint(out, entries.length);
	let last = 0;
	for (const e of entries) {
		varint(out, e.id - last);
		last = e.id;
	}
	entries.forEach((e) => varint(out, e.run));
	entries.forEach((e) => varint(out, e.length));
	entries.forEach((e, i) => {
		const before = entries[i - 1];
		varint(out, i > 0 && e.offset === before.offset + before.length ? 0 : e.offset + 1);
	});
	return gzipSync(Buffer.from(out), { level: 9 });
}

// A root that fits the first 16 KiB, and leaves of ever larger size until it does.
function directories(entries) {
	const whole = directory(entries);
	if (whole.length <= ROOT_MAX) {
		return { root: whole, leaves: Buffer.alloc(0) };
	}
	for (let size = 4096; ; size *= 2) {
		const roots = [];
		const leaves = [];
		let offset = 0;
		for (let i = 0; i < entries.length; i += size) {
			const leaf = directory(entries.slice(i, i + size));
			roots.push({ id: entries[i].id, run: 0, length: leaf.length, offset });
			leaves.push(leaf);
			offset += leaf.length;
		}
		const root = directory(roots);
		if (root.length <= ROOT_MAX) {
			return { root, leaves: Buffer.concat(leaves) };
		}
	}
}

// Sorted tiles to directory entries and the bytes they point into.
function pack(tiles) {
	const seen = new Map();
	const entries = [];
	const chunks = [];
	let size = 0;
	for (const { id, data } of tiles) {
		const key = createHash('sha256').update(data).digest('hex');
		let at = seen.get(key);
		if (at === undefined) {
			at = { offset: size, length: data.length };
			seen.set(key, at);
			chunks.push(data);
			size += data.length;
		}
		const last = entries[entries.length - 1];
		if (last && last.offset === at.offset && last.id + last.run === id) {
			last.run++;
		} else {
			entries.push({ id, run: 1, ...at });
		}
	}
	return { entries, data: Buffer.concat(chunks), contents: seen.size };
}

function header(f) {
	const h = Buffer.alloc(HEADER);
	h.write('PMTiles', 0, 'latin1');
	h[7] = 3;
	const longs = [
		HEADER, f.root, HEADER + f.root, f.meta, HEADER + f.root + f.meta, f.leaves,
		HEADER + f.root + f.meta + f.leaves, f.data, f.addressed, f.entries, f.contents,
	];
	longs.forEach((v, i) => h.writeBigUInt64LE(BigInt(v), 8 + 8 * i));
	h[96] = 1; // clustered
	h[97] = GZIP;
	h[98] = GZIP;
	h[99] = MVT;
	h[100] = f.minZoom;
	h[101] = f.maxZoom;
	const degrees = f.bounds.map((v) => Math.round(v * 1e7));
	degrees.forEach((v, i) => h.writeInt32LE(v, 102 + 4 * i));
	h[118] = f.center[2];
	h.writeInt32LE(Math.round(f.center[0] * 1e7), 119);
	h.writeInt32LE(Math.round(f.center[1] * 1e7), 123);
	return h;
}

// tiles: [{z, x, y, data}] with `data` already gzipped. Returns the whole archive.
export function writePMTiles(tiles, { metadata, minZoom, maxZoom, bounds, center }) {
	const sorted = tiles.map((t) => ({ id: tileId(t.z, t.x, t.y), data: t.data }));
	sorted.sort((a, b) => a.id - b.id);
	const { entries, data, contents } = pack(sorted);
	const { root, leaves } = directories(entries);
	const meta = gzipSync(Buffer.from(JSON.stringify(metadata)), { level: 9 });
	const head = header({
		root: root.length, meta: meta.length, leaves: leaves.length, data: data.length,
		addressed: tiles.length, entries: entries.length, contents, minZoom, maxZoom, bounds, center,
	});
	return Buffer.concat([head, root, meta, leaves, data]);
}
