// Marks and clusters as HTML elements over the map: a keyboard and a screen reader reach them like any button of the page.
// Elements are kept by key from one answer of the server to the next, so that focus stays where it was.
import { grouped, sizeOf } from './view.js';

const isArrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 90;
const EDGE = 11; // pixels of a mark that have to be free around its middle

export function element(tag, attributes = {}, ...children) {
	const node = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (value !== undefined && value !== null && value !== false) {
			node.setAttribute(name, value === true ? '' : String(value));
		}
	}
	node.append(...children.filter((c) => c !== undefined && c !== null));
	return node;
}

export class Marks {
	// on: { open(marks, element), zoom(cluster) }
	constructor(map, stage, t, on) {
		this.map = map;
		this.t = t;
		this.on = on;
		this.items = new Map();
		this.covers = [];
		this.list = element('ul', { class: 'mx-marks', 'aria-label': t('marks') });
		stage.append(this.list);
		this.list.addEventListener('keydown', (e) => this.keys(e));
		map.on('move', () => this.place());
		map.on('resize', () => this.measure());
		stage.addEventListener('toggle', () => this.measure(), true);
	}

	// Where buttons and legend lie over the map: a mark under them could not be pressed.
	measure() {
		const stage = this.list.parentElement;
		const { left, top } = stage.getBoundingClientRect();
		this.covers = [...stage.querySelectorAll('.mx-tools, .mx-legend')].map((node) => {
			const r = node.getBoundingClientRect();
			return { west: r.left - left - EDGE, north: r.top - top - EDGE, east: r.right - left + EDGE, south: r.bottom - top + EDGE };
		});
		this.place();
	}

	reachable(x, y) {
		const { clientWidth: w, clientHeight: h } = this.map.getContainer();
		return x >= EDGE && y >= EDGE && x <= w - EDGE && y <= h - EDGE
			&& !this.covers.some((c) => x > c.west && x < c.east && y > c.north && y < c.south);
	}

	// The arrow keys and zoom keys of the map work from its marks too.
	keys(e) {
		if (e.altKey || e.ctrlKey || e.metaKey) {
			return;
		}
		if (isArrow[e.key]) {
			this.map.panBy(isArrow[e.key].map((v) => v * STEP));
		} else if (e.key === '+' || e.key === '=') {
			this.map.zoomIn();
		} else if (e.key === '-') {
			this.map.zoomOut();
		} else {
			return;
		}
		e.preventDefault();
	}

	project({ lat, lon }) {
		return this.map.project([lon, lat]);
	}

	// What one answer shows, as [{ key, lat, lon, make() }] in reading order.
	plan(data) {
		const rtl = document.dir === 'rtl' ? -1 : 1;
		const last = this.map.getZoom() >= this.map.getMaxZoom() - 0.5;
		const things = grouped([...(data.marks ?? []), ...(data.clusters ?? [])], (m) => this.project(m), last).map((g) => {
			const { lat, lon } = g;
			if (g.marks) {
				return { key: g.marks.map((m) => m.id).join(' '), lat, lon, make: () => this.stack(g.marks) };
			}
			return g.count
				? { key: `c ${lat} ${lon} ${g.count}`, lat, lon, make: () => this.cluster(g) }
				: { key: String(g.id), lat, lon, make: () => this.mark(g) };
		});
		const row = (p) => Math.round(this.project(p).y / 40);
		return things.sort((a, b) => row(a) - row(b) || (a.lon - b.lon) * rtl);
	}

	set(data) {
		const focused = this.focusedItem();
		const next = new Map();
		for (const item of this.plan(data)) {
			const old = this.items.get(item.key);
			next.set(item.key, { ...item, node: old ? old.node : element('li', {}, item.make()) });
		}
		this.items = next;
		this.list.replaceChildren(...[...next.values()].map((i) => i.node));
		this.measure();
		if (this.wanted) {
			this.focusIn(this.wanted);
		} else if (focused) {
			this.focusNear(focused);
		}
		this.wanted = null;
	}

	place() {
		for (const item of this.items.values()) {
			const { x, y } = this.project(item);
			item.x = x;
			item.y = y;
			item.node.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
			// What is outside or covered cannot take focus: the browser would scroll the map away to show it, and a finger would
			// miss it. What has the focus keeps it until the next answer, so that the keys go on working.
			item.inView = this.reachable(x, y);
			item.node.style.visibility = item.inView || item.node.contains(document.activeElement) ? '' : 'hidden';
		}
	}

	focusedItem() {
		return [...this.items.values()].find((i) => i.node.contains(document.activeElement));
	}

	focusItem(item) {
		item?.node.firstElementChild?.focus({ preventScroll: true });
	}

	// The same thing if it is still there, else what is nearest to where it was.
	focusNear(old) {
		const same = this.items.get(old.key);
		if (same?.inView) {
			this.focusItem(same);
			return;
		}
		const at = this.project(old);
		const near = [...this.items.values()].filter((i) => i.inView).sort((a, b) => Math.hypot(a.x - at.x, a.y - at.y) - Math.hypot(b.x - at.x, b.y - at.y));
		if (near.length > 0) {
			this.focusItem(near[0]);
		} else {
			this.map.getCanvas().focus({ preventScroll: true });
		}
	}

	focusIn([w, s, e, n]) {
		const m = 1e-4;
		const first = [...this.items.values()].find((i) => i.lon >= w - m && i.lon <= e + m && i.lat >= s - m && i.lat <= n + m);
		if (first) {
			this.focusItem(first);
		} else {
			this.map.getCanvas().focus({ preventScroll: true });
		}
	}

	mark(m) {
		const note = m.precision && m.precision !== 'exact' ? ` (${this.t(m.precision)})` : '';
		const node = element('button', {
			type: 'button', class: 'mx-mark', 'data-kind': m.kind, 'data-icon': m.icon, 'data-precision': m.precision,
			'aria-label': m.title + note, 'aria-haspopup': 'dialog', lang: m.lang, title: m.title,
		});
		node.addEventListener('click', () => this.on.open([m], node));
		return node;
	}

	stack(marks) {
		const label = this.t('stack', { n: marks.length });
		const node = element('button', { type: 'button', class: 'mx-stack', 'aria-label': label, 'aria-haspopup': 'dialog' }, String(marks.length));
		node.addEventListener('click', () => this.on.open(marks, node));
		return node;
	}

	cluster(c) {
		const text = c.count < 10000 ? String(c.count) : `${Math.round(c.count / 1000)}k`;
		const node = element('button', {
			type: 'button', class: 'mx-cluster', 'data-size': sizeOf(c.count), 'aria-label': this.t('cluster', { n: c.count }),
		}, text);
		node.addEventListener('click', () => {
			if (c.items?.length) {
				this.on.open(c.items, node);
			} else {
				this.wanted = c.bbox;
				this.on.zoom(c);
			}
		});
		return node;
	}

	// Lights the mark of an item of the page's list.
	light(id, on) {
		for (const [key, item] of this.items) {
			if (key.split(' ').includes(id)) {
				item.node.classList.toggle('mx-lit', on);
			}
		}
	}
}
