// Built-up areas: no package has their outlines, so they are estimated. Each town spreads a bump as wide as a town of its
// population is (a power law fitted to a few known ones); where the bumps add up above a threshold is built up. Suburbs
// so grow together with their city. Good for the eye at zoom 4 to 10; not a survey, and doc/map.md says so.
import { contours } from 'd3-contour';
import { ringArea, smooth } from './geo.mjs';

const BLOCK = 8; // degrees
const PAD = 0.5;
const THRESHOLD = 0.42;

const radiusKm = (population) => 0.038 * population ** 0.4;

function field(list, west, south, step) {
	const n = Math.round((BLOCK + 2 * PAD) / step);
	const values = new Float64Array(n * n);
	for (const t of list) {
		const r = radiusKm(t.population);
		const ry = r / 111.2;
		const rx = ry / Math.cos((t.lat * Math.PI) / 180);
		const cx = (t.lon - west + PAD) / step - 0.5;
		const cy = (t.lat - south + PAD) / step - 0.5;
		const reach = 2.2;
		for (let j = Math.ceil(cy - (reach * ry) / step); j <= cy + (reach * ry) / step; j++) {
			for (let i = Math.ceil(cx - (reach * rx) / step); i <= cx + (reach * rx) / step; i++) {
				if (i >= 0 && j >= 0 && i < n && j < n) {
					const d = (((i - cx) * step) / rx) ** 2 + (((j - cy) * step) / ry) ** 2;
					values[j * n + i] += Math.exp(-d);
				}
			}
		}
	}
	return { n, values };
}

// Towns to polygons of [lon, lat]; those of at least `least` inhabitants count.
export function urban(towns, { least = 5000, step = 0.0125 } = {}) {
	const blocks = new Map();
	for (const t of towns) {
		if (t.population < least || Math.abs(t.lat) > 75) {
			continue;
		}
		const at = new Set();
		for (const [dx, dy] of [[0, 0], [PAD, PAD], [PAD, -PAD], [-PAD, PAD], [-PAD, -PAD]]) {
			at.add(`${Math.floor((t.lon + dx) / BLOCK)} ${Math.floor((t.lat + dy) / BLOCK)}`);
		}
		at.forEach((key) => blocks.set(key, [...(blocks.get(key) ?? []), t]));
	}
	const features = [];
	for (const [key, list] of [...blocks].sort()) {
		const [west, south] = key.split(' ').map((v) => Number(v) * BLOCK);
		const { n, values } = field(list, west, south, step);
		for (const polygon of contours().size([n, n]).thresholds([THRESHOLD])(values)[0].coordinates) {
			const rings = polygon.map((ring) => smooth(ring.map(([x, y]) => [west - PAD + x * step, south - PAD + y * step]), 1));
			const inside = rings[0].some(([x, y]) => x >= west && x < west + BLOCK && y >= south && y < south + BLOCK);
			if (inside) {
				// First zoom at which it covers some eight square pixels (512 pixels for the world at zoom 0).
				const pixels = Math.abs(ringArea(rings[0])) * (512 / 360) ** 2;
				const z = Math.ceil(Math.log2(8 / pixels) / 2);
				features.push({ type: 'Feature', properties: { z }, geometry: { type: 'Polygon', coordinates: rings } });
			}
		}
	}
	return { type: 'FeatureCollection', features };
}
