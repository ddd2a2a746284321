// Marks and clusters as HTML elements over the map: a keyboard and a screen reader reach them like any button of the page.
// Elements are kept by key from one answer of the server to the next, so that focus stays where it was.
import { stacked } from './view.js';

const isArrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 90;

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
		this.list = element('ul', { class: 'mx-marks', 'aria-label': t('marks') });
		stage.append(this.list);
		this.list.addEventListener('keydown', (e) => this.keys(e));
		map.on('move', () => this.place());
		map.on('resize', () => this.place());
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

	// What one answer shows, as [{ key, lat, lon, kind, make() }] in reading order.
	plan(data) {
		const rtl = document.dir === 'rtl' ? -1 : 1;
		const singles = stacked(data.marks ?? [], (m) => this.project(m)).map(({ marks }) => ({
			key: marks.map((m) => m.id).join(' '), lat: marks[0].lat, lon: marks[0].lon,
			make: () => (marks.length === 1 ? this.mark(marks[0]) : this.stack(marks)),
		}));
		const clusters = (data.clusters ?? []).map((c) => ({
			key: `c ${c.lat} ${c.lon} ${c.count}`, lat: c.lat, lon: c.lon, make: () => this.cluster(c),
		}));
		const row = (p) => Math.round(this.project(p).y / 40);
		return [...singles, ...clusters].sort((a, b) => row(a) - row(b) || (a.lon - b.lon) * rtl);
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
		this.place();
		if (this.wanted) {
			this.focusIn(this.wanted);
		} else if (focused) {
			this.focusNear(focused);
		}
		this.wanted = null;
	}

	place() {
		const { clientWidth: w, clientHeight: h } = this.map.getContainer();
		for (const item of this.items.values()) {
			const { x, y } = this.project(item);
			item.x = x;
			item.y = y;
			item.node.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
			// What is outside cannot take focus: the browser would scroll the map away to show it. What has it keeps it until
			// the next answer, so that the keys go on working.
			item.inView = x >= -8 && y >= -8 && x <= w + 8 && y <= h + 8;
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
		const size = c.count < 10 ? 'small' : c.count < 100 ? 'medium' : c.count < 1000 ? 'large' : 'huge';
		const text = c.count < 10000 ? String(c.count) : `${Math.round(c.count / 1000)}k`;
		const node = element('button', {
			type: 'button', class: 'mx-cluster', 'data-size': size, 'aria-label': this.t('cluster', { n: c.count }),
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
