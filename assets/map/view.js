// The view as an address, and the box that the server is asked for. No map library here: tests run these by themselves.

const round = (v, digits) => Math.round(v * 10 ** digits) / 10 ** digits;

// "6/46.6/2.4" -> { zoom, lat, lon }; null when it is not a view.
export function parseView(text) {
	const m = /^#?(\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/.exec(text ?? '');
	if (!m) {
		return null;
	}
	const [zoom, lat, lon] = m.slice(1).map(Number);
	return zoom <= 22 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180 ? { zoom, lat, lon } : null;
}

// As many digits as the zoom can show.
export function formatView({ zoom, lat, lon }) {
	const digits = Math.min(5, Math.max(1, Math.ceil(zoom / 3)));
	return `${round(zoom, 1)}/${round(lat, digits)}/${round(lon, digits)}`;
}

// "w,s,e,n" -> [[w, s], [e, n]]; null when it is not a box.
export function parseBox(text) {
	const v = (text ?? '').split(',').map(Number);
	return v.length === 4 && v.every(Number.isFinite) && v[1] <= v[3] ? [[v[0], v[1]], [v[2], v[3]]] : null;
}

// The box to ask for: a little more than what is seen, widened to a grid of quarter tiles, so that small moves ask the
// same address again and the caches answer. bounds: [w, s, e, n] in degrees.
export function askedBox([w, s, e, n], zoom) {
	const step = 90 / 2 ** Math.max(0, Math.round(zoom));
	const down = (v) => Math.floor((v - step / 4) / step) * step;
	const up = (v) => Math.ceil((v + step / 4) / step) * step;
	const digits = 5;
	return [
		round(Math.max(-180, down(w)), digits), round(Math.max(-85.06, down(s)), digits),
		round(Math.min(180, up(e)), digits), round(Math.min(85.06, up(n)), digits),
	];
}

// The address of the data for a box: the filters of `src` kept, bbox and zoom (and layers) set.
export function dataAddress(src, box, zoom, layers) {
	const [path, query = ''] = src.split('?');
	const params = new URLSearchParams(query);
	params.set('bbox', box.join(','));
	params.set('zoom', String(Math.round(zoom)));
	if (layers) {
		params.set('layers', layers.join(','));
	}
	return `${path}?${params.toString().replaceAll('%2C', ',')}`;
}

// How large a cluster is drawn: small, medium, large, huge; and the pixels from its middle to its edge.
export const sizeOf = (count) => (count < 10 ? 'small' : count < 100 ? 'medium' : count < 1000 ? 'large' : 'huge');
const REACH = { small: 17, medium: 20, large: 24, huge: 28 };
const MARK = 14;
const LISTED = 8;

const reachOf = (thing) => (thing.count ? REACH[sizeOf(thing.count)] : MARK);

function union(group) {
	const boxes = group.map((g) => g.bbox ?? [g.lon, g.lat, g.lon, g.lat]);
	return [
		Math.min(...boxes.map((b) => b[0])), Math.min(...boxes.map((b) => b[1])), Math.max(...boxes.map((b) => b[2])), Math.max(...boxes.map((b) => b[3])),
	];
}

function merged(group, last) {
	if (group.length === 1) {
		return group[0];
	}
	const marks = group.flatMap((g) => (g.count ? g.items ?? [null] : [g]));
	if (!marks.includes(null) && (last || marks.length <= LISTED)) {
		return { lat: group[0].lat, lon: group[0].lon, marks };
	}
	return { lat: group[0].lat, lon: group[0].lon, count: group.reduce((n, g) => n + (g.count ?? 1), 0), bbox: union(group) };
}

// Marks and clusters whose targets would overlap become one: a stack that lists its marks where they are few, or where no
// zoom can part them (last), else a cluster. Largest first, so that each stays where the most are.
// things: marks { id, lat, lon } and clusters { lat, lon, count, bbox, items? }; place(thing) -> { x, y } in pixels.
export function grouped(things, place, last) {
	const order = [...things].sort((a, b) => (b.count ?? 1) - (a.count ?? 1) || b.lat - a.lat || a.lon - b.lon);
	const groups = [];
	for (const thing of order) {
		const at = place(thing);
		const near = groups.find((g) => Math.max(Math.abs(g.at.x - at.x), Math.abs(g.at.y - at.y)) < g.reach + reachOf(thing));
		if (near) {
			near.things.push(thing);
		} else {
			groups.push({ at, reach: reachOf(thing), things: [thing] });
		}
	}
	return groups.map((g) => merged(g.things, last));
}
