// The card of a mark: title, where, link. Not modal: Escape or the cross closes it and gives focus back to its mark.
import { element } from './marks.js';

export class Card {
	constructor(map, stage, t) {
		this.map = map;
		this.stage = stage;
		this.t = t;
		map.on('move', () => this.place());
		stage.addEventListener('keydown', (e) => {
			if (e.key === 'Escape' && this.node) {
				e.stopPropagation();
				this.close(true);
			}
		});
	}

	entry(m) {
		const where = [m.place, m.precision && m.precision !== 'exact' ? this.t(m.precision) : ''].filter(Boolean).join(' · ');
		return element('div', { class: 'mx-card-entry', 'data-kind': m.kind },
			m.label ? element('p', { class: 'mx-card-kind' }, m.label) : null,
			element('h2', { class: 'mx-card-title', lang: m.lang, dir: 'auto' }, element('a', { href: m.url, target: this.stage.dataset.target }, m.title)),
			m.summary ? element('p', { class: 'mx-card-text', lang: m.lang, dir: 'auto' }, m.summary) : null,
			where ? element('p', { class: 'mx-card-where' }, where) : null);
	}

	open(marks, from) {
		this.close(false);
		this.from = from;
		this.at = { lat: marks[0].lat, lon: marks[0].lon };
		const title = marks.length === 1 ? marks[0].title : this.t('stack', { n: marks.length });
		const close = element('button', { type: 'button', class: 'mx-close', 'aria-label': this.t('close') });
		close.addEventListener('click', () => this.close(true));
		this.node = element('div', { class: 'mx-card', role: 'dialog', 'aria-label': title }, ...marks.map((m) => this.entry(m)), close);
		from?.setAttribute('aria-expanded', 'true');
		this.stage.append(this.node);
		this.place();
		this.node.querySelector('a')?.focus({ preventScroll: true });
	}

	// Above its mark, or below where there is no room; on a narrow map the style sheet lays it along the bottom.
	place() {
		if (!this.node) {
			return;
		}
		const { clientWidth: w } = this.map.getContainer();
		const { x, y } = this.map.project([this.at.lon, this.at.lat]);
		const half = this.node.offsetWidth / 2 + 8;
		this.node.style.left = `${Math.max(half, Math.min(w - half, x))}px`;
		this.node.style.top = `${y}px`;
		this.node.classList.toggle('mx-below', y < this.node.offsetHeight + 30);
	}

	close(giveBack) {
		if (!this.node) {
			return;
		}
		this.node.remove();
		this.node = null;
		this.from?.removeAttribute('aria-expanded');
		if (giveBack) {
			(this.from?.isConnected ? this.from : this.map.getCanvas()).focus({ preventScroll: true });
		}
	}
}
