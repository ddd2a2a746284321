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

// Marks that would lie on each other become one stack, in reading order: from north to south, then along the line.
// marks: [{ lat, lon, … }] ; place(mark) -> { x, y } in pixels.
export function stacked(marks, place, near = 7) {
	const out = [];
	for (const mark of marks) {
		const at = place(mark);
		const same = out.find((s) => Math.abs(s.at.x - at.x) < near && Math.abs(s.at.y - at.y) < near);
		if (same) {
			same.marks.push(mark);
		} else {
			out.push({ at, marks: [mark] });
		}
	}
	return out;
}
