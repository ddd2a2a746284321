// Names of towns, words of the map, views as addresses: what needs no browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsOf } from '../../assets/map/texts.js';
import { askedBox, dataAddress, formatView, grouped, parseBox, parseView } from '../../assets/map/view.js';
import { flatPolygons, smooth } from '../../tools/basemap/geo.mjs';
import { arabicName, townNamer } from '../../tools/basemap/names.mjs';
import { weights } from '../../tools/basemap/visvalingam.mjs';

const town = (ascii, cc, ...alternates) => ({ ascii, cc, alternates });

test('the Arabic name is chosen among scripts that look alike', () => {
	assert.equal(arabicName(town('Tunis', 'TN', 'تونس', 'تونس شہر', 'توونس', 'تۇنىس شەھىرى')), 'تونس');
	assert.equal(arabicName(town('Sousse', 'TN', 'سوسة', 'سوسه')), 'سوسة');
	assert.equal(arabicName(town('Lyon', 'FR', 'ليون', 'لیون', 'لیۆن')), 'ليون');
	assert.equal(arabicName(town('Cairo', 'EG', 'القاهرة', 'قاهرة', 'قاهره', 'محافظة القاهرة')), 'القاهرة');
	assert.equal(arabicName(town('Nantes', 'FR', 'Nantes', 'Нант')), null);
	assert.equal(arabicName(town('Tehran', 'IR', 'تهران', 'پایتخت')), 'تهران');
	assert.equal(arabicName(town('Oslo', 'NO', 'كرستيانيا الكبرى القديمة')), null);
});

test('a town has names only where they differ', () => {
	const name = townNamer();
	const london = name({ name: 'London', ascii: 'London', cc: 'GB', alternates: [], population: 9e6, timezone: 'Europe/London' });
	assert.deepEqual(london, { name: 'London', name_fr: 'Londres', name_es: 'Londres', name_pt: 'Londres', name_ar: 'لندن' });
	const other = name({ name: 'London', ascii: 'London', cc: 'CA', alternates: [], population: 4e5, timezone: 'America/Toronto' });
	assert.deepEqual(other, { name: 'London' });
});

test('words come from the page, in the plural of its language', () => {
	const t = textsOf('{"shown.one":"{n} acteur","shown.other":"{n} acteurs","close":"Fermer"}', 'fr');
	assert.equal(t('shown', { n: 0 }), '0 acteur');
	assert.equal(t('shown', { n: 1 }), '1 acteur');
	assert.equal(t('shown', { n: 1200 }).replace(/\s/g, ' '), '1 200 acteurs');
	assert.equal(t('close'), 'Fermer');
	assert.equal(t('zoomIn'), 'Zoom in');
	const ar = textsOf('{"shown.few":"{n} جهات","shown.other":"{n} جهة"}', 'ar-u-nu-latn');
	assert.equal(ar('shown', { n: 3 }), '3 جهات');
	assert.equal(ar('shown', { n: 100 }), '100 جهة');
	assert.equal(textsOf('not json', 'en')('close'), 'Close');
	assert.equal(textsOf('null', 'en')('shown', { n: 1 }), '1 in this view');
});

test('a view survives the address', () => {
	assert.deepEqual(parseView('#6/46.6/2.4'), { zoom: 6, lat: 46.6, lon: 2.4 });
	assert.deepEqual(parseView('11.5/-21.1151/55.5364'), { zoom: 11.5, lat: -21.1151, lon: 55.5364 });
	for (const bad of ['', '#', '#main', '6/46.6', '6/95/2', '6/46/200', '99/1/1', '6/46.6/2.4/x', '6//2', null, undefined]) {
		assert.equal(parseView(bad), null, String(bad));
	}
	assert.equal(formatView({ zoom: 6.04, lat: 46.6123, lon: 2.4 }), '6/46.612/2.4');
	assert.deepEqual(parseView(formatView({ zoom: 12.34, lat: 45.18856, lon: 5.72452 })), { zoom: 12.3, lat: 45.18856, lon: 5.72452 });
	assert.deepEqual(parseBox('4,44,6,45'), [[4, 44], [6, 45]]);
	assert.equal(parseBox('4,44,6'), null);
	assert.equal(parseBox('4,46,6,45'), null);
});

test('small moves ask for the same box', () => {
	const a = askedBox([2, 45, 6, 47], 6);
	assert.deepEqual(askedBox([2.05, 45.02, 6.05, 47.02], 6), a);
	assert.ok(a[0] <= 2 && a[1] <= 45 && a[2] >= 6 && a[3] >= 47);
	assert.deepEqual(askedBox([-300, -89, 300, 89], 0), [-180, -85.06, 180, 85.06]);
});

test('the address of the data keeps the filters of the page', () => {
	assert.equal(dataAddress('/map/data?theme=housing&q=a%26b', [1, 2, 3, 4], 5.6, null), '/map/data?theme=housing&q=a%26b&bbox=1,2,3,4&zoom=6');
	assert.equal(dataAddress('/map/data', [1, 2, 3, 4], 5, ['actor', 'practice']), '/map/data?bbox=1,2,3,4&zoom=5&layers=actor,practice');
});

test('marks and clusters that would overlap become one', () => {
	const place = (t) => ({ x: t.lon, y: -t.lat });
	const mark = (id, lon, lat) => ({ id, lon, lat });
	const two = grouped([mark(1, 0, 0), mark(2, 3, 2), mark(3, 40, 0)], place, false);
	assert.deepEqual(two.map((g) => g.marks?.map((m) => m.id) ?? g.id), [[2, 1], 3]);
	// A mark on a cluster is counted in, and the box grows to hold it.
	const [one] = grouped([mark(1, 10, 10), { lon: 0, lat: 0, count: 12, bbox: [-5, -5, 5, 5] }], place, false);
	assert.deepEqual(one, { lat: 0, lon: 0, count: 13, bbox: [-5, -5, 10, 10] });
	// Many marks are a cluster until no zoom can part them.
	const many = Array.from({ length: 20 }, (_, i) => mark(i, i / 10, 0));
	assert.equal(grouped(many, place, false)[0].count, 20);
	assert.equal(grouped(many, place, true)[0].marks.length, 20);
	// A cluster that carries its items can be listed.
	const listed = grouped([{ lon: 0, lat: 0, count: 2, bbox: [0, 0, 0, 0], items: [mark(1, 0, 0), mark(2, 0, 0)] }, mark(3, 5, 5)], place, false);
	assert.deepEqual(listed[0].marks.map((m) => m.id), [1, 2, 3]);
	// No two targets closer than they are large.
	const crowd = Array.from({ length: 300 }, (_, i) => mark(i, (i * 37) % 400, (i * 91) % 300));
	const left = grouped(crowd, place, false);
	left.forEach((a, i) => left.slice(i + 1).forEach((b) => assert.ok(Math.max(Math.abs(a.lon - b.lon), Math.abs(a.lat - b.lat)) >= 28)));
	assert.equal(left.reduce((n, g) => n + (g.marks?.length ?? g.count ?? 1), 0), 300);
});

test('the points that matter stay', () => {
	const w = weights([[0, 0], [1, 0.01], [2, 0], [3, 5], [4, 0]]);
	assert.equal(w[0], Infinity);
	assert.equal(w[4], Infinity);
	assert.ok(w[3] > w[2] && w[2] > w[1]);
	assert.deepEqual(weights([[0, 0], [1, 1]]), [Infinity, Infinity]);
});

test('rings over the antimeridian and around the pole lie flat', () => {
	const topology = {
		type: 'Topology',
		arcs: [[[179, -16], [-179, -16], [-179, -17], [179, -17], [179, -16]], [[-180, -70], [-60, -75], [60, -72], [179, -71], [-180, -70]]],
	};
	const [fiji] = flatPolygons(topology, { type: 'Polygon', arcs: [[0]] });
	assert.deepEqual(fiji[0].map((p) => p[0]), [179, 181, 181, 179, 179]);
	const [south] = flatPolygons(topology, { type: 'Polygon', arcs: [[1]] });
	assert.ok(south[0].some(([, y]) => y < -89) && Math.max(...south[0].map((p) => p[0])) === 180);
	assert.deepEqual(smooth([[0, 0], [2, 0]], 1), [[0, 0], [0.5, 0], [1.5, 0], [2, 0]]);
});
