// Small geometry that the base map's layers share: topologies to lines and polygons, smoothing, simplifying, areas.
import { feature } from 'topojson-client';

// For each arc of an object, the indexes of the geometries that use it.
export function arcOwners(object) {
	const owners = new Map();
	object.geometries.forEach((g, i) => {
		for (const a of (g.arcs ?? []).flat(Infinity)) {
			const arc = a < 0 ? ~a : a;
			const list = owners.get(arc);
			if (!list) {
				owners.set(arc, [i]);
			} else if (!list.includes(i)) {
				list.push(i);
			}
		}
	});
	return owners;
}

// One arc as a line of [lon, lat].
export function arcLine(topology, arc) {
	return feature(topology, { type: 'LineString', arcs: [arc] }).geometry.coordinates;
}

// Corner cutting (Chaikin): two thirds smoother each time, ends kept. For rivers and lakes drawn at 0.01 degree.
export function smooth(line, times = 2) {
	const closed = line.length > 3 && line[0][0] === line.at(-1)[0] && line[0][1] === line.at(-1)[1];
	let points = line;
	for (let t = 0; t < times; t++) {
		const next = closed ? [] : [points[0]];
		for (let i = 0; i + 1 < points.length; i++) {
			const [ax, ay] = points[i];
			const [bx, by] = points[i + 1];
			next.push([ax * 0.75 + bx * 0.25, ay * 0.75 + by * 0.25]);
			next.push([ax * 0.25 + bx * 0.75, ay * 0.25 + by * 0.75]);
		}
		next.push(closed ? next[0] : points.at(-1));
		points = next;
	}
	return points;
}

// Rings of a Polygon or MultiPolygon as a list of polygons.
export function polygonsOf(geometry) {
	if (!geometry) {
		return [];
	}
	return geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
}

// world-atlas stitches shapes over the antimeridian. Back to lines that never jump: they run past 180 degrees instead, and a
// ring around the pole is closed along the edge of the map.
function unwrapRing(ring) {
	let shift = 0;
	const out = ring.map(([x, y], i) => {
		if (i > 0) {
			const step = x - ring[i - 1][0];
			shift += step > 180 ? -360 : step < -180 ? 360 : 0;
		}
		return [x + shift, y];
	});
	if (shift !== 0) {
		const pole = out[0][1] < 0 ? -89.9 : 89.9;
		out.push([out.at(-1)[0], pole], [out[0][0], pole], out[0]);
	}
	return out;
}

// The polygons of a TopoJSON object, whole on a flat map; holes follow their outline.
export function flatPolygons(topology, object) {
	const shape = feature(topology, object);
	const geometries = shape.type === 'FeatureCollection' ? shape.features.map((f) => f.geometry) : [shape.geometry];
	return geometries.flatMap(polygonsOf).map((polygon) => {
		const rings = polygon.map(unwrapRing);
		const at = rings[0][0][0];
		return rings.map((ring) => {
			const turns = Math.round((at - ring[0][0]) / 360) * 360;
			return turns ? ring.map(([x, y]) => [x + turns, y]) : ring;
		});
	});
}

export function ringArea(ring) {
	let sum = 0;
	for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
		sum += (ring[j][0] - ring[i][0]) * (ring[j][1] + ring[i][1]);
	}
	return sum / 2;
}

// Web Mercator in degrees of longitude, so that widths and heights on the map can be compared.
export function mercatorY(lat) {
	const r = (Math.max(-85, Math.min(85, lat)) * Math.PI) / 180;
	return (Math.log(Math.tan(Math.PI / 4 + r / 2)) * 180) / Math.PI;
}

export function unMercatorY(y) {
	return (Math.atan(Math.sinh((y * Math.PI) / 180)) * 180) / Math.PI;
}

// Distance in kilometres, good enough below a few hundred.
export function km(aLat, aLon, bLat, bLon) {
	const x = (bLon - aLon) * Math.cos((((aLat + bLat) / 2) * Math.PI) / 180);
	return Math.hypot(x, bLat - aLat) * 111.2;
}
