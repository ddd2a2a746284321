// What surrounds the map: zoom, full screen, near me, share, embed, legend with its layers, the line that tells and the credits.
import { element } from './marks.js';
import { formatView } from './view.js';

function button(name, label, action) {
	const node = element('button', { type: 'button', class: `mx-btn mx-${name}`, 'aria-label': label, title: label });
	node.addEventListener('click', action);
	return node;
}

async function copy(field, done) {
	field.select();
	try {
		await navigator.clipboard.writeText(field.value);
	} catch {
		if (!document.execCommand('copy')) {
			return;
		}
	}
	done();
}

export class Controls {
	// options: { root, stage, map, t, status(text), view(), layers, onLayers(list) }
	constructor(options) {
		Object.assign(this, options);
		const { t, map } = this;
		const start = element('div', { class: 'mx-tools mx-tools-start' },
			button('in', t('zoomIn'), () => map.zoomIn()), button('out', t('zoomOut'), () => map.zoomOut()));
		const end = element('div', { class: 'mx-tools mx-tools-end' });
		this.full = button('full', t('fullScreen'), () => this.toggleFull());
		end.append(this.full);
		if ('geolocation' in navigator && 'near' in this.root.dataset) {
			end.append(button('near', t('nearMe'), () => this.near()));
		}
		if (!('embedded' in this.root.dataset)) {
			end.append(button('share', t('share'), () => this.share()));
		}
		if (this.root.dataset.embed) {
			end.append(button('embed', t('embed'), () => this.embed()));
		}
		this.stage.prepend(start, end);
		this.stage.append(this.legend());
		document.addEventListener('fullscreenchange', () => this.fullChanged());
		this.stage.addEventListener('keydown', (e) => {
			if (e.key === 'Escape' && this.root.classList.contains('mx-full-page')) {
				this.toggleFull();
			}
		});
	}

	// The browser's own full screen, or (iPhones have none) the whole of the page.
	toggleFull() {
		if (document.fullscreenElement) {
			document.exitFullscreen();
		} else if (this.root.requestFullscreen) {
			this.root.requestFullscreen();
		} else {
			this.root.classList.toggle('mx-full-page');
			this.fullChanged();
		}
	}

	fullChanged() {
		const on = document.fullscreenElement === this.root || this.root.classList.contains('mx-full-page');
		const label = this.t(on ? 'leaveFullScreen' : 'fullScreen');
		this.full.setAttribute('aria-label', label);
		this.full.title = label;
		this.full.classList.toggle('mx-on', on);
		this.map.resize();
	}

	// Asked for by a click and never kept: the position stays in the browser.
	near() {
		navigator.geolocation.getCurrentPosition(({ coords }) => {
			this.hereAt = { lat: coords.latitude, lon: coords.longitude };
			this.hereNode ??= this.stage.appendChild(element('span', { class: 'mx-here', role: 'img', 'aria-label': this.t('here') }));
			this.placeHere();
			this.map.on('move', () => this.placeHere());
			this.map.flyTo({ center: [coords.longitude, coords.latitude], zoom: Math.max(9.5, this.map.getZoom()) });
			this.status(this.t('here'));
		}, () => this.status(this.t('nearMeRefused')), { maximumAge: 60000, timeout: 15000 });
	}

	placeHere() {
		const { x, y } = this.map.project([this.hereAt.lon, this.hereAt.lat]);
		this.hereNode.style.transform = `translate(${x}px, ${y}px)`;
	}

	// One small dialog with a text to copy.
	dialog(title, help, value, lines) {
		const field = element(lines > 1 ? 'textarea' : 'input', { class: 'mx-field', readonly: true, 'aria-label': title, rows: lines > 1 ? lines : null, dir: 'ltr' });
		field.value = value;
		const done = element('span', { class: 'mx-copied', role: 'status' });
		const copyButton = element('button', { type: 'button', class: 'mx-main' }, this.t('copy'));
		copyButton.addEventListener('click', () => copy(field, () => {
			done.textContent = this.t('copied');
		}));
		const close = element('button', { type: 'button', class: 'mx-close', 'aria-label': this.t('close') });
		const box = element('dialog', { class: 'mx-dialog', 'aria-label': title },
			element('h2', {}, title), element('p', {}, help), field, element('p', { class: 'mx-row' }, copyButton, done), close);
		close.addEventListener('click', () => box.close());
		box.addEventListener('close', () => box.remove());
		this.stage.append(box);
		box.showModal();
		field.select();
	}

	share() {
		const address = new URL(location.href);
		address.hash = formatView(this.view());
		this.dialog(this.t('share'), this.t('shareHelp'), address.href, 1);
	}

	embed() {
		const address = new URL(this.root.dataset.embed, location.href);
		address.hash = formatView(this.view());
		const code = element('iframe', { src: address.href, title: document.title, width: '100%', height: '520', loading: 'lazy', allow: 'fullscreen' });
		this.dialog(this.t('embed'), this.t('embedHelp'), code.outerHTML, 4);
	}

	legend() {
		const rows = this.layers.map((layer) => {
			const dot = element('span', { class: 'mx-mark', 'data-kind': layer.kind, 'aria-hidden': 'true' });
			if (this.layers.length < 2) {
				return element('li', {}, dot, layer.label);
			}
			const box = element('input', { type: 'checkbox' });
			box.checked = layer.on !== false;
			box.addEventListener('change', () => {
				layer.on = box.checked;
				this.onLayers(this.layers.filter((l) => l.on !== false).map((l) => l.kind));
			});
			return element('li', {}, element('label', {}, box, dot, layer.label));
		});
		rows.push(element('li', {}, element('span', { class: 'mx-mark', 'data-precision': 'commune', 'aria-hidden': 'true' }), this.t('legendApproximate')));
		rows.push(element('li', {}, element('span', { class: 'mx-cluster', 'data-size': 'small', 'aria-hidden': 'true' }, '5'), this.t('legendCluster')));
		return element('details', { class: 'mx-legend' }, element('summary', {}, this.t('legend')), element('ul', {}, ...rows));
	}
}
