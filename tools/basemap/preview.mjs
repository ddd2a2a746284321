// Looks at the map: node tools/basemap/preview.mjs [--out screenshots/map] [--only fr,ar] [--serve] [--port 8120]
// Serves what Meson made (build/tools/basemap) with the site's own strict policy and made-up actors, takes screenshots in
// Debian's Chromium and fails on any error in its console. --serve leaves it running for a look by hand.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { serve } from './preview-server.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { values } = parseArgs({
	options: {
		out: { type: 'string', default: path.join(root, 'screenshots/map') }, only: { type: 'string' }, port: { type: 'string', default: '8120' },
		build: { type: 'string', default: path.join(root, 'build/tools/basemap') }, serve: { type: 'boolean', default: false },
	},
});

const SHOTS = [
	{ name: 'fr', query: 'lang=fr&view=5/46.6/2.4', size: [1000, 700] },
	{ name: 'africa-ar', query: 'lang=ar&view=2.9/20/8', size: [1000, 700] },
	{ name: 'maghreb-ar', query: 'lang=ar&view=5.4/35/6', size: [1000, 700] },
	{ name: 'lyon', query: 'lang=fr&view=7/45.6/4.8', size: [1000, 700] },
	{ name: 'phone', query: 'lang=fr&view=4.6/46.6/2.4', size: [360, 640] },
	{ name: 'world', query: 'lang=fr&view=1.4/25/10', size: [1280, 720] },
	{ name: 'dark', query: 'lang=fr&view=5/46.6/2.4', size: [1000, 700], dark: true },
	{ name: 'card', query: 'lang=fr&view=8/45.2/5.4', size: [1000, 700], act: (p) => p.locator('.mx-marks .mx-mark[data-kind=actor]:visible').nth(8).press('Enter') },
	{ name: 'card-phone', query: 'lang=fr&view=8/45.2/5.4', size: [360, 640], act: (p) => p.locator('.mx-marks .mx-mark[data-kind=actor]:visible').nth(2).press('Enter') },
	{ name: 'embed', query: 'lang=fr&view=5/46.6/2.4', size: [1000, 700], act: (p) => p.locator('.mx-embed').click() },
	{ name: 'legend', query: 'lang=fr&view=6/46.6/2.4', size: [1000, 700], act: (p) => p.locator('.mx-legend summary').click() },
	{ name: 'error', query: 'lang=fr&view=6/46.6/2.4&src=/nothing', size: [1000, 700], expected: /404/ },
];

async function shoot(browser, shot, errors) {
	const context = await browser.newContext({ viewport: { width: shot.size[0], height: shot.size[1] }, colorScheme: shot.dark ? 'dark' : 'light' });
	const p = await context.newPage();
	const note = (text) => shot.expected?.test(text) || errors.push(`${shot.name}: ${text}`);
	p.on('console', (m) => ['error', 'warning'].includes(m.type()) && !/GPU stall|WebGL-/.test(m.text()) && note(m.text()));
	p.on('response', (r) => r.status() >= 400 && note(`${r.status()} ${r.url()}`));
	p.on('pageerror', (e) => note(e.message));
	await p.goto(`http://127.0.0.1:${values.port}/?${shot.query}`);
	await p.waitForSelector(shot.expected ? '.mx-status:not(:empty)' : '.mx-marks button', { state: 'attached', timeout: 15000 });
	await p.waitForLoadState('networkidle');
	await p.waitForFunction(() => document.fonts.status === 'loaded');
	await shot.act?.(p);
	await p.evaluate(() => new Promise((done) => setTimeout(done, 900)));
	await p.screenshot({ path: path.join(values.out, `${shot.name}.png`) });
	await context.close();
}

const server = await serve(values.build, Number(values.port));
if (values.serve) {
	console.log(`http://127.0.0.1:${values.port}/`);
} else {
	fs.mkdirSync(values.out, { recursive: true });
	const browser = await chromium.launch({
		executablePath: '/usr/bin/chromium',
		args: ['--headless', '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
			'--disable-sync', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
	});
	const errors = [];
	for (const shot of SHOTS.filter((s) => !values.only || values.only.split(',').includes(s.name))) {
		await shoot(browser, shot, errors).catch((e) => errors.push(`${shot.name}: ${e.message}`));
	}
	await browser.close();
	server.close();
	errors.forEach((e) => console.error(e));
	console.log(`${values.out}: ${errors.length} errors`);
	process.exitCode = errors.length > 0 ? 1 : 0;
}
