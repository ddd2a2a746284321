/*
 * Every kind of page of the demonstration network, as a visitor and as the administrator meet it: found by following links,
 * one page for each shape of address, in French and in Arabic. Each is an answer of 200, sound for axe and the HTML checker,
 * quiet in the console, and asks nothing of other sites; each of its links leads somewhere.
 */
import { axe, become_admin, is, open, step, vnu } from "./lib.mjs";

const PAGES_MAX = 130;

/* Actors differ in what they have: these are looked at besides the first met. */
const SEEDS = ["/", "/directory", "/search?q=logement", "/search", "/map", "/territories/FR", "/territories/38185", "/territories/84", "/territories/38",
	"/practices/propose", "/directory/propose", "/no-such-page", "/account/sign-in", "/embed/map"];

const PARAM = [
	[/^\/(directory|practices|library|territories)\/(?!propose$|duplicates$|search$|most-reused$|like-mine$)[^/]+/, "/$1/:x"],
	[/\/history\/[^/]+/, "/history/:v"],
	[/\/desk\/p\/[^/]+/, "/desk/p/:t"],
	[/\/desk\/\d+/, "/desk/:id"],
];

const PAGING = ["after", "from", "order", "view"];

/* The shape of an address: what it shows without what of it; filters count as one. */
export function shape(url) {
	let p = url.pathname.replace(/^\/(fr|en|es|pt|ar)(?=\/|$)/, "") || "/";
	for (const [from, to] of PARAM) p = p.replace(from, to);
	const names = [...new Set([...url.searchParams.keys()].map((k) => (PAGING.includes(k) ? k : "filter")))].sort().join("&");
	return names ? `${p}?${names}` : p;
}

/* Addresses of pages in a page: anchors within the site, no fragment. */
const links_of = (page, at) => page.evaluate((origin) => [...document.querySelectorAll("a[href], link[rel~=alternate], link[rel=manifest], img[src]")]
	.map((a) => new URL(a.getAttribute("href") ?? a.src, document.baseURI).href).filter((h) => h.startsWith(`${origin}/`)).map((h) => h.split("#")[0]), at);

async function look(page, at, url, seen) {
	const name = url.pathname + url.search;
	const wanted = name.includes("/no-such-page") ? 404 : 200;
	page.problems.length = 0;
	const answer = await page.goto(url.href, { waitUntil: "load" });
	if (!/text\/html/.test(answer.headers()["content-type"] ?? "")) {
		is(`${name}: status`, answer.status(), wanted);
		return [];
	}
	is(`${name}: status`, answer.status(), wanted);
	is(`${name}: axe`, await axe(page), []);
	is(`${name}: console and other sites`, page.problems.filter((p) => !(wanted === 404 && /404/.test(p))), []);
	is(`${name}: overflow`, await page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth)), 0);
	seen.set(name, await (await page.request.get(url.href)).text());
	return links_of(page, at);
}

/* Follows links from the seeds; gives every address met. */
async function follow(page, at, lang, seeds, seen, most) {
	const queue = seeds.map((s) => new URL(s.startsWith("/embed") ? s : `/${lang}${s}`, at));
	const shapes = new Set();
	const met = new Set();
	for (let n = 0; queue.length && n < most; n++) {
		const url = queue.shift();
		shapes.add(shape(url));
		await step(`${url.pathname}${url.search}`, async () => {
			for (const href of await look(page, at, url, seen)) {
				met.add(href);
				const to = new URL(href);
				if (!to.pathname.startsWith(`/${lang}/`) || /\.[a-z]+$/.test(to.pathname) || shapes.has(shape(to))) continue;
				shapes.add(shape(to));
				queue.push(to);
			}
		});
	}
	return met;
}

/* Each address answers, the least said. */
async function answer(met, cookie) {
	const dead = [];
	const list = [...met].filter((h) => !h.includes("/language/") && !h.includes("no-such-page"));
	for (let i = 0; i < list.length; i += 8) {
		await Promise.all(list.slice(i, i + 8).map(async (h) => {
			const got = await fetch(h, { redirect: "manual", headers: cookie ? { cookie } : {} });
			await got.arrayBuffer();
			if (got.status >= 400) dead.push(`${got.status} ${new URL(h).pathname}${new URL(h).search}`);
		}));
	}
	return { dead, n: list.length };
}

/* What a first visit costs in bytes sent, all included. */
async function weigh(web, at, where) {
	const page = await open(web, at);
	const sent = await page.context().newCDPSession(page);
	let bytes = 0;
	await sent.send("Network.enable");
	sent.on("Network.loadingFinished", (e) => {
		bytes += e.encodedDataLength;
	});
	await page.goto(where, { waitUntil: "networkidle" });
	await page.context().close();
	return bytes;
}

export async function crawl(web, s) {
	const seen = new Map();
	const all = new Set();
	for (const [lang, options] of [["fr", { viewport: { width: 1280, height: 800 } }], ["ar", { viewport: { width: 360, height: 780 }, colorScheme: "dark" }]]) {
		const page = await open(web, s.at, options);
		for (const h of await follow(page, s.at, lang, SEEDS, seen, lang === "fr" ? PAGES_MAX : 45)) all.add(h);
		await page.context().close();
	}
	is("pages were found", seen.size > 40);
	await step("links", async () => {
		const { dead, n } = await answer(all);
		is(`all ${n} links lead somewhere`, dead, []);
	});
	const first = (re) => [...all].find((h) => re.test(h));
	for (const where of ["/fr/", "/ar/", "/fr/directory", first(/\/fr\/directory\/[^/?]+$/), "/fr/territories/38185", first(/\/fr\/practices\/(?!most|like|propose)[^/?]+$/)]) {
		await step(`weight of ${where}`, async () => {
			const bytes = await weigh(web, s.at, where);
			is(`first visit of ${where} under 50 KB (${bytes} bytes)`, bytes > 0 && bytes < 50000);
		});
	}
	return seen;
}

/* The rooms behind the door: what the administrator's own pages link to. */
export async function crawl_admin(web, s, seen) {
	const page = await open(web, s.at, { viewport: { width: 360, height: 780 } });
	await become_admin(page, s);
	const met = await follow(page, s.at, "fr", ["/admin", "/desk", "/account", "/admin/accounts"], seen, 45);
	const cookie = (await page.context().cookies()).map((c) => `${c.name}=${c.value}`).join("; ");
	const { dead, n } = await answer(new Set([...met].filter((h) => /\/(admin|desk|account)/.test(h))), cookie);
	is(`all ${n} links of the administrator lead somewhere`, dead, []);
	await page.context().close();
}

export function checker(seen) {
	for (const [name, errors] of vnu(seen)) is(`${name}: vnu`, errors, []);
}
