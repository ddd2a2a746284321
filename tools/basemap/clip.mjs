// Cuts polygons of one tile by the land of the same tile, so that estimated built-up areas end at the shore. All in tile units.
import polygonClipping from 'polygon-clipping';

function turnOf(ring) {
	let sum = 0;
	for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
		sum += (ring[j][0] - ring[i][0]) * (ring[j][1] + ring[i][1]);
	}
	return Math.sign(sum);
}

// The rings of tile features as polygons: a ring that turns the other way than the first is a hole of the one before.
function tilePolygons(features) {
	const out = [];
	for (const f of features) {
		let first = 0;
		for (const ring of f.geometry) {
			const turn = turnOf(ring);
			if (turn === 0) {
				continue;
			}
			if (first === 0 || turn === first) {
				first = turn;
				out.push([ring]);
			} else {
				out.at(-1).push(ring);
			}
		}
	}
	return out;
}

function boxOf(ring) {
	const box = [Infinity, Infinity, -Infinity, -Infinity];
	for (const [x, y] of ring) {
		box[0] = Math.min(box[0], x);
		box[1] = Math.min(box[1], y);
		box[2] = Math.max(box[2], x);
		box[3] = Math.max(box[3], y);
	}
	return box;
}

const touches = (a, b) => a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];

// Whether an edge of the shore comes near the box, and whether the first corner of the box is on land (even-odd).
function standing(shore, box) {
	let land = false;
	for (const ring of shore.flat()) {
		for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
			const [ax, ay] = ring[i];
			const [bx, by] = ring[j];
			const edge = [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];
			if (touches(edge, box)) {
				return 'shore';
			}
			if (ay > box[1] !== by > box[1] && box[0] < ((bx - ax) * (box[1] - ay)) / (by - ay) + ax) {
				land = !land;
			}
		}
	}
	return land ? 'land' : 'sea';
}

function covered(land, extent) {
	const outside = (v) => v <= -64 || v >= extent + 64;
	return land.features.some((f) => f.geometry.some((ring) => ring.length <= 5 && ring.every(([x, y]) => outside(x) && outside(y))));
}

export function clipToLand(tile, land, extent) {
	if (!land) {
		return { ...tile, features: [] };
	}
	if (tile.features.length === 0 || covered(land, extent)) {
		return tile;
	}
	const shore = tilePolygons(land.features);
	const shoreBoxes = shore.map((polygon) => boxOf(polygon[0]));
	const features = [];
	const put = (polygon) => features.push({ type: 3, geometry: polygon, tags: {} });
	for (const polygon of tilePolygons(tile.features)) {
		const box = boxOf(polygon[0]);
		const near = shore.filter((_, i) => touches(shoreBoxes[i], box));
		const where = standing(near, box);
		if (where === 'land') {
			put(polygon);
		} else if (where === 'shore') {
			polygonClipping.intersection([polygon], near)
				.map((piece) => piece.map((ring) => ring.map(([x, y]) => [Math.round(x), Math.round(y)])))
				.filter((piece) => piece[0].length > 3 && turnOf(piece[0]) !== 0)
				.forEach(put);
		}
	}
	return { ...tile, features };
}
