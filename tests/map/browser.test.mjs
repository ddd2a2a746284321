// The interactive map in a real browser, by keyboard: clusters, cards, focus, the address, errors, and the page without WebGL.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { serve } from '../../tools/basemap/preview-server.mjs';

const build = path.join(process.env.BUILD ?? 'build', 'tools/basemap');
const browserPath = '/usr/bin/chromium';
const skip = (!fs.existsSync(path.join(build, 'map.js')) && 'not built') || (!fs.existsSync(browserPath) && 'no Chromium');
const FLAGS = ['--headless', '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
let server;
let browser;
let base;

before(async () => {
	if (!skip) {
		server = await serve(build, 0);
		base = `http://127.0.0.1:${server.address().port}`;
		browser = await chromium.launch({ executablePath: browserPath, args: [...FLAGS, '--use-angle=swiftshader', '--enable-unsafe-swiftshader'] });
	}
});
after(async () => {
	await browser?.close();
	server?.close();
});

async function open(query, { size = [900, 600], ready = '.mx-marks button' } = {}) {
	const page = await browser.newPage({ viewport: { width: size[0], height: size[1] } });
	page.problems = [];
	page.on('console', (m) => m.type() === 'error' && page.problems.push(m.text()));
	page.on('pageerror', (e) => page.problems.push(e.message));
	await page.goto(`${base}/?${query}`);
	await page.waitForSelector(ready, { state: 'attached', timeout: 30000 });
	return page;
}

const focused = (page, name) => page.evaluate((n) => document.activeElement?.getAttribute(n), name);

test('marks and clusters are buttons with names, north first', { skip }, async () => {
	const page = await open('lang=fr&view=6/46/3');
	const names = await page.locator('.mx-marks button').evaluateAll((all) => all.map((b) => b.getAttribute('aria-label')));
	assert.ok(names.length > 20 && names.every((n) => n.length > 3));
	assert.ok(names.some((n) => /^\d+ ici, zoomer$/.test(n)));
	const tops = await page.locator('.mx-marks button').evaluateAll((all) => all.map((b) => b.getBoundingClientRect().top));
	assert.ok(tops[0] < tops.at(-1));
	const sizes = await page.locator('.mx-marks button').evaluateAll((all) => all.map((b) => Math.min(b.offsetWidth, b.offsetHeight)));
	assert.ok(Math.min(...sizes) >= 24);
	assert.match(await page.locator('.mx-status').textContent(), /^\d+ acteurs dans cette vue$/);
	assert.match(await page.locator('.mx-credit').textContent(), /GeoNames \(CC BY 4\.0\).*Unicode CLDR/);
	assert.deepEqual(page.problems, []);
	await page.close();
});

test('Enter on a cluster zooms in and leaves the focus among its marks', { skip }, async () => {
	const page = await open('lang=fr&view=5/46.6/2.4');
	await page.locator('.mx-cluster[aria-label^="2"]:visible').first().focus();
	await page.keyboard.press('Enter');
	await page.waitForFunction(() => Number(location.hash.slice(1).split('/')[0]) > 5.5);
	await page.waitForFunction(() => document.activeElement?.closest('.mx-marks') !== null && document.activeElement.isConnected);
	assert.ok(await focused(page, 'aria-label'));
	await page.close();
});

test('a card opens on its link, Escape gives the focus back', { skip }, async () => {
	const page = await open('lang=fr&view=8/45.2/5.4');
	const mark = page.locator('.mx-marks .mx-mark:visible').nth(4);
	const name = await mark.getAttribute('aria-label');
	await mark.focus();
	await page.keyboard.press('Enter');
	const card = page.locator('.mx-card');
	await card.waitFor();
	assert.match(await focused(page, 'href'), /^\/fr\/directory\/a\d+$/);
	assert.equal(await card.getAttribute('role'), 'dialog');
	assert.ok(name.startsWith(await card.locator('a').textContent()));
	await page.keyboard.press('Escape');
	assert.equal(await page.locator('.mx-card').count(), 0);
	assert.equal(await focused(page, 'aria-label'), name);
	await page.close();
});

test('arrows and signs work from a mark, the focus stays on it', { skip }, async () => {
	const page = await open('lang=fr&view=8/45.2/5.4');
	const name = await page.evaluate(() => {
		const all = [...document.querySelectorAll('.mx-marks .mx-mark')];
		const off = (b) => Math.hypot(b.getBoundingClientRect().x - 500, b.getBoundingClientRect().y - 300);
		const mark = all.sort((a, b) => off(a) - off(b))[0];
		mark.focus();
		return mark.getAttribute('aria-label');
	});
	const before = await page.evaluate(() => location.hash);
	await page.keyboard.press('ArrowRight');
	await page.waitForFunction((h) => location.hash !== h, before);
	const asked = page.waitForResponse(/map\/data/);
	await page.keyboard.press('+');
	await asked;
	await page.waitForFunction(() => Number(location.hash.slice(1).split('/')[0]) >= 9);
	await page.waitForFunction((n) => document.activeElement?.getAttribute('aria-label') === n, name);
	await page.evaluate(() => {
		location.hash = '#9/48.1/-1.6';
	});
	// Far away from it, the focus goes to another mark or to the map, never to nowhere.
	await page.waitForFunction((n) => document.activeElement?.getAttribute('aria-label') !== n, name);
	assert.ok(await page.evaluate(() => document.activeElement.closest('.mx-stage') !== null));
	await page.close();
});

test('the address restores the view', { skip }, async () => {
	const page = await open('lang=fr&view=5/46.6/2.4#9/45.75/4.85');
	await page.waitForFunction(() => location.hash === '#9/45.75/4.85');
	await page.evaluate(() => {
		location.hash = '#6/36/10';
	});
	await page.waitForFunction(() => document.querySelector('.mx-status').textContent.length > 0 && location.hash === '#6/36/10');
	await page.close();
});

test('share and embed give an address with the view', { skip }, async () => {
	const page = await open('lang=fr&view=7/45/5');
	await page.waitForFunction(() => document.querySelector('.mx-marks button'));
	await page.locator('.mx-share').click();
	assert.match(await page.locator('.mx-field').inputValue(), /#7\/45\/5$/);
	await page.keyboard.press('Escape');
	await page.locator('.mx-embed').click();
	assert.match(await page.locator('.mx-field').inputValue(), /^<iframe src="http[^"]+\/embed\/map\?theme=housing#7\/45\/5" title="Carte" width="100%" height="520"/);
	await page.close();
});

test('layers are switched in the legend', { skip }, async () => {
	const page = await open('lang=fr&view=7/45.6/4.8');
	await page.locator('.mx-legend summary').click();
	const asked = page.waitForRequest(/layers=actor($|&)/);
	await page.locator('.mx-legend input').nth(1).uncheck();
	await asked;
	await page.waitForFunction(() => !document.querySelector('.mx-marks [data-kind="practice"]'));
	await page.close();
});

test('a failed answer is told and can be tried again', { skip }, async () => {
	const page = await open('lang=fr&view=6/46/3&src=/nothing', { ready: '.mx-status .mx-link' });
	assert.match(await page.locator('.mx-status').textContent(), /pas pu être chargés/);
	const again = page.waitForRequest(/\/nothing\?bbox=/);
	await page.locator('.mx-status .mx-link').click();
	await again;
	await page.close();
});

test('without WebGL what the server drew stays', { skip }, async () => {
	const page = await browser.newPage();
	await page.addInitScript(() => {
		HTMLCanvasElement.prototype.getContext = () => null;
	});
	await page.goto(`${base}/?lang=fr`);
	await page.waitForFunction(() => document.querySelector('[data-map]').dataset.mapOn === 'true');
	assert.ok(await page.locator('figure.minimap').isVisible());
	assert.equal(await page.locator('.mx-stage').count(), 0);
	await page.close();
});

test('right to left: tools change sides, marks do not', { skip }, async () => {
	const page = await open('lang=ar&view=6/36/10');
	const start = await page.locator('.mx-tools-start').boundingBox();
	assert.ok(start.x > 700);
	const tunis = page.locator('.mx-marks > li').first();
	assert.ok((await tunis.boundingBox()).x < 900);
	// The middle of a mark stands on its place, whatever the direction of the page.
	const off = await page.evaluate(() => [...document.querySelectorAll('.mx-marks > li')].map((li) => {
		const b = li.firstElementChild.getBoundingClientRect();
		const at = li.getBoundingClientRect();
		return Math.hypot(b.left + b.width / 2 - at.left, b.top + b.height / 2 - at.top);
	}));
	assert.ok(off.length > 0 && off.every((d) => d < 1), String(off));
	await page.close();
});
