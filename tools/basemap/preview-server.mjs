// A small server for looking at the map and for its tests: the site's strict policy, made-up actors in real towns, ranges.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { towns } from './layers.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');

const POLICY = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'";
const filesOf = (build) => ({
	'/assets/basemap.pmtiles': [path.join(build, 'basemap.pmtiles'), 'application/octet-stream'],
	'/assets/map.js': [path.join(build, 'map.js'), 'text/javascript'],
	'/assets/map-open.js': [path.join(build, 'map-open.js'), 'text/javascript'],
	'/assets/map-worker.js': [path.join(build, 'map-worker.js'), 'text/javascript'],
	'/assets/map.css': [path.join(build, 'map.css'), 'text/css'],
	'/assets/heading.woff2': [path.join(build, '../font/heading.woff2'), 'font/woff2'],
	'/assets/site.css': [path.join(root, 'assets/css/site.css'), 'text/css'],
});

// A made-up actor in each of some two thousand towns, always the same.
const actors = towns().filter((t, i) => ((t.id * 2654435761) >>> 0) % 100 < ({ FR: 12, TN: 20, DZ: 10, SN: 20, IT: 3, ES: 3 }[t.cc] ?? 1) && t.population > 3000)
	.map((t, i) => ({
		id: String(t.id), lat: t.lat, lon: t.lon, title: `Accueil ${t.name}`, url: `/fr/directory/a${t.id}`, kind: i % 5 === 0 ? 'practice' : 'actor',
		precision: ['exact', 'street', 'commune', 'exact', 'departement'][i % 5], icon: 'collective', label: i % 5 === 0 ? 'Pratique' : 'Collectif', place: t.name,
	}));

function answer(query) {
	const [w, s, e, n] = query.get('bbox').split(',').map(Number);
	const zoom = Number(query.get('zoom'));
	const layers = query.get('layers')?.split(',');
	const inside = actors.filter((a) => a.lon >= w && a.lon <= e && a.lat >= s && a.lat <= n && (!layers || layers.includes(a.kind)));
	const cells = new Map();
	const size = (360 / 512 / 2 ** zoom) * 72;
	for (const a of inside) {
		const key = zoom > 8 ? a.id : `${Math.floor(a.lon / size)} ${Math.floor((a.lat * 1.4) / size)}`;
		cells.set(key, [...(cells.get(key) ?? []), a]);
	}
	const marks = [];
	const clusters = [];
	for (const list of cells.values()) {
		if (list.length < 3) {
			marks.push(...list);
			continue;
		}
		const lats = list.map((a) => a.lat);
		const lons = list.map((a) => a.lon);
		const mean = (v) => v.reduce((a, b) => a + b, 0) / v.length;
		clusters.push({ lat: mean(lats), lon: mean(lons), count: list.length, bbox: [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)] });
	}
	return { marks, clusters, total: inside.length };
}

const WORDS = {
	fr: { 'cluster.one': '{n} ici, zoomer', 'cluster.other': '{n} ici, zoomer', 'shown.one': '{n} acteur dans cette vue', 'shown.other': '{n} acteurs dans cette vue', legend: 'Légende', legendApproximate: 'Lieu approximatif', legendCluster: 'Plusieurs, tout près', commune: 'placé dans sa commune', departement: 'placé dans son département', street: 'placé dans sa rue', close: 'Fermer', share: 'Partager cette vue', shareHelp: 'Cette adresse ouvre la carte telle que vous la voyez.', embed: 'Mettre cette carte sur votre site', embedHelp: 'Copiez ces lignes dans votre page.', copy: 'Copier', error: 'Les points n’ont pas pu être chargés.', retry: 'Réessayer' },
	ar: { 'shown.few': '{n} جهات في هذه الخريطة', 'shown.other': '{n} جهة في هذه الخريطة', legend: 'مفتاح الخريطة', legendApproximate: 'مكان تقريبي', legendCluster: 'عدة جهات متقاربة' },
};

function page(query) {
	const lang = query.get('lang') ?? 'fr';
	const layers = [{ kind: 'actor', label: lang === 'ar' ? 'جهات' : 'Acteurs' }, { kind: 'practice', label: lang === 'ar' ? 'ممارسات' : 'Pratiques' }];
	const attribute = (v) => JSON.stringify(v).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
	return `<!doctype html><html lang="${lang}" dir="${lang === 'ar' ? 'rtl' : 'ltr'}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Carte</title><link rel="stylesheet" href="/assets/site.css"><link rel="stylesheet" href="/assets/map.css"><link rel="stylesheet" href="/page.css">
<main class="map-full"><div class="mapbox" data-map data-tiles="/assets/basemap.pmtiles" data-src="${query.get('src') ?? '/map/data'}" data-lang="${lang}" data-view="${query.get('view') ?? '5/46.6/2.4'}"
 data-credit="Natural Earth, GeoNames (CC BY 4.0), INSEE" data-near data-embed="/embed/map?theme=housing" data-layers="${attribute(layers)}" data-texts="${attribute(WORDS[lang] ?? {})}">
<figure class="minimap"><p>SVG</p></figure></div></main><script type="module" src="/assets/map.js"></script></html>`;
}

function send(files, req, res) {
	const url = new URL(req.url, 'http://localhost');
	const headers = { 'content-security-policy': POLICY, 'cache-control': 'no-store' };
	const file = files[url.pathname];
	if (file) {
		const bytes = fs.readFileSync(file[0]);
		const range = /^bytes=(\d+)-(\d+)$/.exec(req.headers.range ?? '');
		const [from, to] = range ? [Number(range[1]), Math.min(Number(range[2]), bytes.length - 1)] : [0, bytes.length - 1];
		res.writeHead(range ? 206 : 200, { ...headers, 'content-type': file[1], ...(range && { 'content-range': `bytes ${from}-${to}/${bytes.length}` }) });
		res.end(bytes.subarray(from, to + 1));
	} else if (url.pathname === '/map/data') {
		res.writeHead(200, { ...headers, 'content-type': 'application/json' });
		res.end(JSON.stringify(answer(url.searchParams)));
	} else if (url.pathname === '/favicon.ico') {
		res.writeHead(204, headers);
		res.end();
	} else if (url.pathname === '/page.css') {
		res.writeHead(200, { ...headers, 'content-type': 'text/css' });
		res.end('body{margin:0}.map-full .mapbox{block-size:100vh;border:0;border-radius:0}');
	} else if (url.pathname === '/') {
		res.writeHead(200, { ...headers, 'content-type': 'text/html' });
		res.end(page(url.searchParams));
	} else {
		res.writeHead(404, headers);
		res.end();
	}
}

// Listens on a port of this machine; build: the folder with basemap.pmtiles and the bundle.
export async function serve(build, port) {
	const files = filesOf(build);
	const server = http.createServer((req, res) => send(files, req, res));
	await new Promise((done) => server.listen(port, '127.0.0.1', done));
	return server;
}
