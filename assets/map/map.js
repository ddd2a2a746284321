// The interactive map. Every element with data-map already holds what the server drew (an SVG map with links, and a list
// beside it); this puts MapLibre in its place where the browser can, and leaves it be where it cannot.
//
// Attributes of the element:
//   data-src        where marks come from, with the page's filters: /map/data?theme=housing
//   data-tiles      the base map: a PMTiles file (ours, or one in the Protomaps schema)
//   data-raster     instead: a tile server, https://…/{z}/{x}/{y}.png
//   data-credit     who made the base map, shown in the corner before the names that the tiles ask for themselves
//   data-lang       language of the labels: fr, en, es, pt, ar
//   data-view       first view "zoom/lat/lon", or data-box="west,south,east,north"; the address's #zoom/lat/lon wins
//   data-texts      JSON of translated words (texts.js lists them)
//   data-layers     JSON [{"kind":"actor","label":"Actors","on":true}, …]; more than one can be switched
//   data-embed      address of the map for frames, with the filters: the "put on your site" button
//   data-near       show the "near me" button
//   data-embedded   this is a frame: links open in a new tab, the page scrolls unless two fingers or Ctrl are used
//   data-max-zoom   default 13
//   data-no-hash    leave the address bar alone (small maps)
// Answer of data-src?bbox=w,s,e,n&zoom=Z(&layers=a,b): {"marks":[{"id","lat","lon","title","url","kind","precision","icon",
//   "label"?,"place"?,"summary"?,"lang"?}],"clusters":[{"lat","lon","count","bbox":[w,s,e,n],"items"?:[mark…]}],"total":n}.
//   A cluster that no zoom can part carries its items.
// The page may also have links with data-map-bbox (their bbox parameter follows the view) and list items with
// data-mark-id (hovering or focusing one lights its mark).
import { addProtocol, Map as Maplibre, setWorkerUrl } from 'maplibre-gl';
import { Protocol } from 'pmtiles';
import { Card } from './card.js';
import { Controls } from './controls.js';
import { element, Marks } from './marks.js';
import { coloursOf, protomapsStyle, rasterStyle, vectorStyle } from './style.js';
import { textsOf } from './texts.js';
import { askedBox, dataAddress, formatView, parseBox, parseView } from './view.js';

const WAIT = 140;
const KEPT = 24;
const WORLD = [[-180, -75], [180, 82]];
const MAX_MARKS = 300;

let ready = false;

function setUp() {
	if (!ready) {
		setWorkerUrl(new URL('/assets/map-worker.js', location.href).href);
		const protocol = new Protocol({ metadata: true });
		addProtocol('pmtiles', protocol.tile);
		ready = true;
	}
}

function parseJson(text, otherwise) {
	try {
		return JSON.parse(text) ?? otherwise;
	} catch {
		return otherwise;
	}
}

class MapPage {
	constructor(root) {
		this.root = root;
		this.lang = root.dataset.lang || document.documentElement.lang || 'en';
		this.t = textsOf(root.dataset.texts, this.lang);
		this.layers = parseJson(root.dataset.layers, []);
		this.cache = new Map();
		this.hash = !('noHash' in root.dataset) && !('embedded' in root.dataset);
	}

	style() {
		const { tiles, raster } = this.root.dataset;
		const colours = coloursOf(this.root);
		if (raster) {
			return rasterStyle({ url: raster, colours });
		}
		const url = new URL(tiles, location.href).href;
		const make = this.root.dataset.schema === 'protomaps' ? protomapsStyle : vectorStyle;
		return make({ url, lang: this.lang, colours });
	}

	start() {
		const { root, t } = this;
		const fallback = element('div', { class: 'mx-fallback' });
		fallback.append(...root.childNodes);
		this.stage = element('div', { class: 'mx-stage', role: 'region', 'aria-label': t('map') });
		const canvas = element('div', { class: 'mx-canvas' });
		this.line = element('p', { class: 'mx-status', role: 'status' });
		this.stage.append(canvas, this.line);
		if ('embedded' in root.dataset) {
			this.stage.dataset.target = '_blank';
		}
		root.append(this.stage, fallback);
		root.classList.add('mx');
		try {
			this.map = this.make(canvas);
		} catch {
			root.classList.remove('mx');
			this.stage.remove();
			root.replaceChildren(...fallback.childNodes);
			return;
		}
		this.dress();
		this.listen();
	}

	make(container) {
		const { dataset } = this.root;
		const asked = parseView(location.hash);
		const view = asked ?? parseView(dataset.view);
		const box = asked ? null : parseBox(dataset.box);
		const place = box || !view
			? { bounds: box ?? WORLD, fitBoundsOptions: { padding: 24, maxZoom: 11 } }
			: { center: [view.lon, view.lat], zoom: view.zoom };
		const map = new Maplibre({
			container, style: this.style(), ...place, maxZoom: Number(dataset.maxZoom) || 13, minZoom: 0.5, renderWorldCopies: false,
			dragRotate: false, pitchWithRotate: false, touchPitch: false, attributionControl: false, fadeDuration: 120,
			cooperativeGestures: 'embedded' in dataset, refreshExpiredTiles: false,
			locale: { 'Map.Title': `${this.t('map')}. ${this.t('help')}` },
		});
		map.touchZoomRotate.disableRotation();
		map.keyboard.disableRotation();
		return map;
	}

	dress() {
		const { map, stage, t } = this;
		this.card = new Card(map, stage, t);
		this.marks = new Marks(map, stage, t, {
			open: (marks, from) => this.card.open(marks, from),
			zoom: (cluster) => this.zoomTo(cluster),
		});
		this.controls = new Controls({
			root: this.root, stage, map, t, layers: this.layers, status: (text) => this.say(text), view: () => this.view(),
			onLayers: () => this.load(),
		});
		this.credit = stage.appendChild(element('p', { class: 'mx-credit' }, this.root.dataset.credit ?? ''));
	}

	listen() {
		const { map } = this;
		map.on('moveend', () => this.moved());
		map.on('load', () => {
			this.showCredit();
			this.moved();
		});
		map.on('click', () => this.card.close(false));
		map.on('error', (e) => {
			if (e.sourceId || /pmtiles|tile/i.test(String(e.error?.message))) {
				this.say(this.t('errorTiles'));
			}
		});
		this.stage.addEventListener('scroll', () => this.stage.scrollTo(0, 0));
		const dark = matchMedia('(prefers-color-scheme: dark)');
		dark.addEventListener('change', () => map.setStyle(this.style()));
		addEventListener('hashchange', () => {
			const view = parseView(location.hash);
			if (view && this.hash) {
				map.jumpTo({ center: [view.lon, view.lat], zoom: view.zoom });
			}
		});
		const light = (on) => (e) => {
			const id = e.target.closest?.('[data-mark-id]')?.dataset.markId;
			if (id) {
				this.marks.light(id, on);
			}
		};
		document.addEventListener('pointerover', light(true));
		document.addEventListener('pointerout', light(false));
		document.addEventListener('focusin', light(true));
		document.addEventListener('focusout', light(false));
	}

	// The names that the tiles themselves ask to be shown, as text: some files write them as markup.
	showCredit() {
		const own = this.map.getSource('base')?.attribution ?? '';
		const text = new DOMParser().parseFromString(own, 'text/html').body.textContent.trim();
		const credit = this.root.dataset.credit ?? '';
		const first = text.split(';')[0];
		if (text && credit.endsWith(first)) {
			this.credit.textContent = credit.slice(0, -first.length) + text;
		} else if (text) {
			this.credit.textContent = [credit, text].filter(Boolean).join(' · ');
		}
	}

	view() {
		const { lat, lng } = this.map.getCenter();
		return { zoom: this.map.getZoom(), lat, lon: lng };
	}

	bounds() {
		const b = this.map.getBounds();
		return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()];
	}

	zoomTo({ bbox, lat, lon }) {
		const [w, s, e, n] = bbox ?? [lon, lat, lon, lat];
		const target = this.map.cameraForBounds([[w, s], [e, n]], { padding: 60, maxZoom: this.map.getMaxZoom() });
		const zoom = Math.max(target?.zoom ?? 0, this.map.getZoom() + 1);
		this.map.easeTo({ center: target?.center ?? [lon, lat], zoom: Math.min(zoom, this.map.getMaxZoom()), duration: 450 });
	}

	moved() {
		if (this.hash && this.started) {
			history.replaceState(history.state, '', `#${formatView(this.view())}`);
		}
		this.started = true;
		const box = askedBox(this.bounds(), this.map.getZoom());
		document.querySelectorAll('a[data-map-bbox]').forEach((a) => {
			const address = new URL(a.href);
			address.searchParams.set('bbox', box.join(','));
			a.href = address.href.replaceAll('%2C', ',');
		});
		clearTimeout(this.timer);
		this.timer = setTimeout(() => this.load(), WAIT);
	}

	async load() {
		if (!this.root.dataset.src) {
			return;
		}
		const on = this.layers.filter((l) => l.on !== false).map((l) => l.kind);
		const zoom = this.map.getZoom();
		const address = dataAddress(this.root.dataset.src, askedBox(this.bounds(), zoom), zoom, this.layers.length > 1 ? on : null);
		this.asking?.abort();
		const asking = new AbortController();
		this.asking = asking;
		const slow = setTimeout(() => this.say(this.t('loading')), 700);
		try {
			const data = this.cache.get(address) ?? (await this.fetch(address, asking.signal));
			if (!asking.signal.aborted) {
				this.show(data);
			}
		} catch {
			if (!asking.signal.aborted) {
				this.failed();
			}
		} finally {
			clearTimeout(slow);
		}
	}

	async fetch(address, signal) {
		const answer = await fetch(address, { signal, headers: { accept: 'application/json' }, credentials: 'same-origin' });
		if (!answer.ok) {
			throw new Error(String(answer.status));
		}
		const data = await answer.json();
		this.cache.set(address, data);
		if (this.cache.size > KEPT) {
			this.cache.delete(this.cache.keys().next().value);
		}
		return data;
	}

	show(data) {
		const marks = (data.marks ?? []).slice(0, MAX_MARKS);
		this.marks.set({ ...data, marks });
		this.say(data.total > 0 ? this.t('shown', { n: data.total }) : this.t('empty'));
	}

	say(text, action) {
		this.line.replaceChildren(text);
		if (action) {
			this.line.append(' ', action);
		}
	}

	failed() {
		const again = element('button', { type: 'button', class: 'mx-link' }, this.t('retry'));
		again.addEventListener('click', () => this.load());
		this.say(this.t('error'), again);
	}
}

// Makes the map of one element; twice is once.
export function open(root) {
	if (!root.dataset.mapOn) {
		root.dataset.mapOn = 'true';
		setUp();
		new MapPage(root).start();
	}
}

document.querySelectorAll('[data-map]:not([data-map-on-click])').forEach(open);
