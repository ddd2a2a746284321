// For pages with a small map drawn by the server: adds a button that fetches the interactive map only when it is asked for.
// <div data-map data-map-on-click data-script="/assets/map.js" data-css="/assets/map.css" data-open-text="Interactive map" …>
for (const root of document.querySelectorAll('[data-map][data-map-on-click]')) {
	const button = document.createElement('button');
	button.type = 'button';
	button.className = 'btn btn-small mx-open';
	button.textContent = root.dataset.openText || 'Interactive map';
	button.addEventListener('click', async () => {
		button.disabled = true;
		try {
			const css = document.createElement('link');
			css.rel = 'stylesheet';
			css.href = root.dataset.css;
			const styled = new Promise((done) => {
				css.onload = done;
				css.onerror = done;
			});
			document.head.append(css);
			const [map] = await Promise.all([import(root.dataset.script), styled]);
			button.remove();
			map.open(root);
			root.querySelector('canvas')?.focus();
		} catch {
			button.disabled = false;
		}
	});
	root.append(button);
}
