// The look of the base map: a MapLibre style made from the colours of the page (CSS custom properties --map-*) and the
// language of the reader. Without `glyphs` MapLibre draws letters with the fonts of the browser, Arabic included.

const DEFAULTS = {
	water: '#cfe2ea',
	shore: '#b9d5e1',
	land: '#f7f3ea',
	urban: '#eadfce',
	river: '#aacfe0',
	border: '#8d7f93',
	region: '#b9a487',
	departement: '#d6cbb9',
	country: '#74667d',
	town: '#4c4a46',
	area: '#a3927a',
	halo: '#fbf8f1',
};

// The colours as the page's style sheet sets them on the map's element.
export function coloursOf(element) {
	const css = getComputedStyle(element);
	const out = {};
	for (const [name, value] of Object.entries(DEFAULTS)) {
		out[name] = css.getPropertyValue(`--map-${name}`).trim() || value;
	}
	return out;
}

const FONT = ['system-ui, "Noto Sans", "Noto Sans Arabic", "DejaVu Sans", sans-serif'];
// MapLibre reads the weight off the first name, which no browser knows: the next one is used.
const BOLD = ['Map Semibold', ...FONT];

const named = (lang) => ['coalesce', ['get', `name_${lang}`], ['get', 'name']];
const byZoom = (...stops) => ['interpolate', ['linear'], ['zoom'], ...stops];
// A filter sees the zoom of the tile, a whole number at most one below the zoom of the view.
const shownAt = ['>=', ['+', ['zoom'], 0.7], ['get', 'z']];
const kind = (k) => ['==', ['get', 'kind'], k];

function ground(c) {
	return [
		{ id: 'sea', type: 'background', paint: { 'background-color': c.water } },
		{
			id: 'shore', type: 'line', 'source-layer': 'land',
			paint: { 'line-color': c.shore, 'line-width': byZoom(2, 1.5, 6, 5, 10, 10), 'line-blur': byZoom(2, 1, 6, 4, 10, 8), 'line-opacity': 0.9 },
		},
		{ id: 'land', type: 'fill', 'source-layer': 'land', paint: { 'fill-color': c.land } },
		{
			id: 'urban', type: 'fill', 'source-layer': 'urban', minzoom: 3.5,
			paint: { 'fill-color': c.urban, 'fill-antialias': false, 'fill-opacity': byZoom(3.5, 0, 5, 0.75, 7, 0.95) },
		},
		{
			id: 'river', type: 'line', 'source-layer': 'river', minzoom: 2.5,
			layout: { 'line-cap': 'round', 'line-join': 'round' },
			paint: {
				'line-color': c.river,
				'line-width': byZoom(3, ['*', 1.1, ['get', 'w']], 6, ['*', 3.6, ['get', 'w']], 10, ['*', 8, ['get', 'w']]),
			},
		},
		{ id: 'lake', type: 'fill', 'source-layer': 'lake', paint: { 'fill-color': c.water, 'fill-outline-color': c.shore } },
	];
}

function borders(c) {
	const join = { 'line-cap': 'round', 'line-join': 'round' };
	return [
		{
			id: 'departement', type: 'line', 'source-layer': 'boundary', minzoom: 4.6, filter: kind('dep'), layout: join,
			paint: { 'line-color': c.departement, 'line-width': byZoom(4.6, 0.4, 7, 1, 10, 1.6), 'line-opacity': byZoom(4.6, 0, 5.2, 1) },
		},
		{
			id: 'region', type: 'line', 'source-layer': 'boundary', minzoom: 4, filter: kind('reg'), layout: join,
			paint: { 'line-color': c.region, 'line-width': byZoom(4, 0.5, 6, 1, 10, 2), 'line-opacity': byZoom(4, 0, 4.7, 0.9) },
		},
		{
			id: 'country-border', type: 'line', 'source-layer': 'boundary', filter: kind('country'), layout: join,
			paint: { 'line-color': c.border, 'line-width': byZoom(1, 0.5, 4, 0.9, 6, 1.3, 10, 2.2), 'line-opacity': 0.85 },
		},
		{
			id: 'disputed-border', type: 'line', 'source-layer': 'boundary', filter: kind('disputed'),
			paint: {
				'line-color': c.border, 'line-width': byZoom(1, 0.6, 4, 0.9, 6, 1.3, 10, 2.2), 'line-dasharray': [3, 2.4], 'line-opacity': 0.85,
			},
		},
	];
}

function townLabel(c, lang, id, layer, extra) {
	return {
		id, type: 'symbol', 'source-layer': layer, filter: shownAt,
		layout: {
			'text-field': named(lang), 'text-font': FONT, 'text-padding': 4, 'text-max-width': 7, 'symbol-sort-key': ['-', 0, ['get', 'pop']],
			...extra.layout,
		},
		paint: { 'text-color': c.town, 'text-halo-color': c.halo, 'text-halo-width': 1.3, 'text-halo-blur': 0.4, ...extra.paint },
	};
}

// Later layers are placed first, so the small come before the large.
function labels(c, lang) {
	return [
		townLabel(c, lang, 'town', 'town', {
			layout: { 'text-size': byZoom(6, 10.5, 8, 11.5, 10, ['interpolate', ['linear'], ['get', 'pop'], 2000, 12, 60000, 14]) },
			paint: { 'text-opacity': 0.86 },
		}),
		{
			id: 'area', type: 'symbol', 'source-layer': 'area', filter: shownAt, maxzoom: 8.8,
			layout: {
				'text-field': named(lang), 'text-font': FONT, 'text-size': byZoom(6, 9.5, 8, 12), 'text-letter-spacing': lang === 'ar' ? 0 : 0.12,
				'text-transform': 'uppercase', 'text-max-width': 8, 'text-padding': 8,
			},
			paint: { 'text-color': c.area, 'text-halo-color': c.halo, 'text-halo-width': 1 },
		},
		townLabel(c, lang, 'place', 'place', {
			layout: {
				'text-size': byZoom(
					2, ['interpolate', ['linear'], ['get', 'pop'], 1e6, 10, 8e6, 11.5],
					6, ['interpolate', ['linear'], ['get', 'pop'], 3e4, 11.5, 5e5, 13.5, 3e6, 16],
					10, ['interpolate', ['linear'], ['get', 'pop'], 3e4, 15, 5e5, 19, 3e6, 22]),
				'text-font': ['case', ['any', ['has', 'cap'], ['>=', ['get', 'pop'], 4e5]], ['literal', BOLD], ['literal', FONT]],
			},
			paint: {},
		}),
		{
			id: 'country', type: 'symbol', 'source-layer': 'country', filter: shownAt, maxzoom: 8,
			layout: {
				'text-field': named(lang), 'text-font': FONT, 'text-transform': 'uppercase', 'text-letter-spacing': lang === 'ar' ? 0 : 0.13,
				'text-max-width': 7, 'text-padding': 4, 'symbol-sort-key': ['get', 'z'],
				'text-size': byZoom(
					1, ['interpolate', ['linear'], ['get', 'z'], 1, 10, 4, 9],
					4, ['interpolate', ['linear'], ['get', 'z'], 1, 15, 3, 12.5, 5, 10],
					7, ['interpolate', ['linear'], ['get', 'z'], 1, 20, 3, 17, 6, 12]),
			},
			paint: { 'text-color': c.country, 'text-halo-color': c.halo, 'text-halo-width': 1.4, 'text-halo-blur': 0.4 },
		},
	];
}

// Our own schema, from tools/basemap.
export function vectorStyle({ url, lang, colours }) {
	const source = { source: 'base' };
	return {
		version: 8,
		sources: { base: { type: 'vector', url: `pmtiles://${url}` } },
		layers: [...ground(colours), ...borders(colours), ...labels(colours, lang)].map((l) => (l.type === 'background' ? l : { ...l, ...source })),
	};
}

// A regional OpenStreetMap extract in the Protomaps schema, drawn over our world: its layers start where ours lose detail.
export function protomapsStyle({ url, lang, colours: c }) {
	const road = (id, kinds, width, minzoom) => ({
		id, type: 'line', source: 'base', 'source-layer': 'roads', minzoom, filter: ['in', ['get', 'kind'], ['literal', kinds]],
		layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': c.departement, 'line-width': width },
	});
	const label = (id, filter, size, minzoom) => ({
		id, type: 'symbol', source: 'base', 'source-layer': 'places', minzoom, filter,
		layout: {
			'text-field': ['coalesce', ['get', `name:${lang}`], ['get', 'name']], 'text-font': FONT, 'text-size': size, 'text-max-width': 7,
			'symbol-sort-key': ['coalesce', ['get', 'sort_rank'], ['get', 'min_zoom'], 0],
		},
		paint: { 'text-color': c.town, 'text-halo-color': c.halo, 'text-halo-width': 1.3 },
	});
	return {
		version: 8,
		sources: { base: { type: 'vector', url: `pmtiles://${url}` } },
		layers: [
			{ id: 'sea', type: 'background', paint: { 'background-color': c.water } },
			{ id: 'land', type: 'fill', source: 'base', 'source-layer': 'earth', paint: { 'fill-color': c.land } },
			{
				id: 'urban', type: 'fill', source: 'base', 'source-layer': 'landuse',
				filter: ['in', ['get', 'kind'], ['literal', ['residential', 'urban_area', 'industrial', 'commercial']]],
				paint: { 'fill-color': c.urban, 'fill-opacity': 0.6 },
			},
			{ id: 'lake', type: 'fill', source: 'base', 'source-layer': 'water', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': c.water } },
			{ id: 'river', type: 'line', source: 'base', 'source-layer': 'water', filter: ['==', ['geometry-type'], 'LineString'], paint: { 'line-color': c.river } },
			{ id: 'buildings', type: 'fill', source: 'base', 'source-layer': 'buildings', minzoom: 14, paint: { 'fill-color': c.departement, 'fill-opacity': 0.6 } },
			road('paths', ['path', 'other'], byZoom(14, 0.5, 18, 2), 14),
			road('streets', ['minor_road'], byZoom(12, 0.6, 18, 8), 12),
			road('roads', ['major_road', 'medium_road'], byZoom(8, 0.6, 18, 12), 8),
			road('motorways', ['highway'], byZoom(5, 0.6, 18, 14), 5),
			{
				id: 'border', type: 'line', source: 'base', 'source-layer': 'boundaries',
				paint: { 'line-color': c.region, 'line-width': byZoom(4, 0.6, 10, 1.6), 'line-dasharray': [4, 2] },
			},
			{
				id: 'street-names', type: 'symbol', source: 'base', 'source-layer': 'roads', minzoom: 14,
				layout: { 'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': 11 },
				paint: { 'text-color': c.area, 'text-halo-color': c.halo, 'text-halo-width': 1.2 },
			},
			label('neighbourhood', ['in', ['get', 'kind'], ['literal', ['neighbourhood', 'macrohood']]], 11, 11),
			label('place', ['==', ['get', 'kind'], 'locality'], byZoom(5, 11, 12, 16), 3),
			label('country', ['==', ['get', 'kind'], 'country'], byZoom(2, 10, 7, 18), 1),
		],
	};
}

export function rasterStyle({ url, colours }) {
	return {
		version: 8,
		sources: { base: { type: 'raster', tiles: [url], tileSize: 256, maxzoom: 19 } },
		layers: [
			{ id: 'sea', type: 'background', paint: { 'background-color': colours.land } },
			{ id: 'base', type: 'raster', source: 'base' },
		],
	};
}
