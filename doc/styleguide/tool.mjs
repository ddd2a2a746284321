/*
 * Makes the mock pages of the styleguide whole, serves them and takes their pictures.
 *   node doc/styleguide/tool.mjs serve [PORT]        serve on loopback
 *   node doc/styleguide/tool.mjs shots DIR [NAME..]  pictures: two widths, light and dark, paper
 * tests/design/run.mjs checks them with axe and vnu, and tries the script.
 * A page is pages/NAME.LANG.html: first line "Title | nav item | page classes", then the content of <main>;
 * {{i:NAME}} stands for an icon, {{if:NAME}} for one that turns in right-to-left pages. Class "bare": no layout.
 */
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import zlib from "node:zlib";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const require = createRequire(import.meta.url);
const words = JSON.parse(fs.readFileSync(path.join(here, "words.json"), "utf8"));
const CSP = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const TYPES = { css: "text/css", js: "text/javascript", svg: "image/svg+xml", html: "text/html", png: "image/png", woff2: "font/woff2" };

export const names = () => fs.readdirSync(path.join(here, "pages")).filter((f) => f.endsWith(".html")).map((f) => f.slice(0, -5)).sort();

export function make(name) {
	const lang = name.split(".").pop();
	const t = words[lang];
	const text = fs.readFileSync(path.join(here, "pages", name + ".html"), "utf8");
	const cut = text.indexOf("\n");
	const [title, nav, classes] = text.slice(0, cut).split("|").map((s) => s.trim());
	const map = fs.readFileSync(path.join(here, "minimap.svg"), "utf8").trim();
	const content = text.slice(cut + 1).replaceAll("{{minimap}}", map);
	const bare = (classes || "").includes("bare");
	const values = {
		lang, title, site: t.site, dir: lang === "ar" ? "rtl" : "ltr", content,
		pageclass: classes ? " " + classes : "",
		banner: `<p class="banner">${t.demo}</p>`,
	};
	const html = bare ? content : fs.readFileSync(path.join(here, "layout.html"), "utf8");
	const icon = (_, kind, id) => `<svg class="icon${kind === "if" ? " icon-flip" : ""}" aria-hidden="true">` +
		`<use href="/assets/icons.svg#${id}"/></svg>`;
	const fill = (s) => s.replaceAll("{{content}}", () => content).replace(/\{\{(if?):(\w+)\}\}/g, icon).replace(/\{\{(?:(t|cur)\.)?(\w+)\}\}/g, (_, kind, key) => {
		if (kind === "t") {
			if (!(key in t)) throw new Error(`${name}: no word ${key}`);
			return t[key];
		}
		if (kind === "cur") return key === nav ? ' aria-current="page"' : key === lang ? ' aria-current="true"' : "";
		return values[key] ?? "";
	});
	return fill(html);
}

function answer(req, res) {
	const url = new URL(req.url, "http://localhost");
	const send = (status, type, body) => {
		const head = { "Content-Type": type + "; charset=utf-8", "Content-Security-Policy": CSP };
		if (/br/.test(req.headers["accept-encoding"] || "") && !type.startsWith("image/png")) {
			head["Content-Encoding"] = "br";
			body = zlib.brotliCompressSync(body);
		}
		res.writeHead(status, head);
		res.end(body);
	};
	const asset = url.pathname.match(/^\/assets\/([\w.-]+)$/);
	if (asset) {
		for (const dir of ["build/tools/font", "assets/css", "assets/js", "assets/img", "doc/styleguide"]) {
			const file = path.join(root, dir, asset[1]);
			if (fs.existsSync(file)) return send(200, TYPES[asset[1].split(".").pop()] || "text/plain", fs.readFileSync(file));
		}
		return send(404, "text/plain", Buffer.from("no such asset"));
	}
	if (url.pathname === "/territories/search") {
		const q = (url.searchParams.get("q") || "").toLowerCase();
		const all = words.places.filter((p) => p.name.toLowerCase().startsWith(q) || p.code.startsWith(q));
		return send(200, "application/json", Buffer.from(JSON.stringify(all)));
	}
	if (url.pathname === "/directory/duplicates") {
		const near = (url.searchParams.get("name") || "").length > 4;
		return send(200, "text/html", Buffer.from(near ? words.duplicates : ""));
	}
	/* The list page stands for every filter of the directory, so that the script has an answer to put in place. */
	const name = url.pathname === "/fr/directory" ? "directory.fr" : url.pathname.slice(1).replace(/\/$/, "");
	if (names().includes(name)) return send(200, "text/html", Buffer.from(make(name)));
	const list = names().map((n) => `<li><a href="/${n}">${n}</a></li>`).join("");
	return send(url.pathname === "/" ? 200 : 404, "text/html", Buffer.from(`<!doctype html><title>Styleguide</title><link rel="icon" href="data:,"><ul>${list}</ul>`));
}

export const listen = (port) => new Promise((done) => {
	const server = http.createServer(answer).listen(port, "127.0.0.1", () => done(server));
});

export async function browser() {
	const { chromium } = require("playwright-core");
	return chromium.launch({
		executablePath: "/usr/bin/chromium",
		args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync"],
	});
}

async function shots(dir, wanted, port) {
	fs.mkdirSync(dir, { recursive: true });
	const web = await browser();
	for (const name of names().filter((n) => !wanted.length || wanted.some((w) => n.startsWith(w)))) {
		for (const [width, scheme] of [[360, "light"], [1280, "light"], [1280, "dark"]]) {
			const page = await web.newPage({ viewport: { width, height: 800 }, colorScheme: scheme, reducedMotion: "reduce" });
			await page.goto(`http://127.0.0.1:${port}/${name}`);
			await page.screenshot({ path: path.join(dir, `${name}.${width}.${scheme}.png`), fullPage: true });
			if (width === 1280 && scheme === "light") {
				await page.pdf({ path: path.join(dir, `${name}.pdf`), format: "A4" });
			}
			await page.close();
		}
	}
	await web.close();
}

const [verb, ...rest] = process.argv[1] === fileURLToPath(import.meta.url) ? process.argv.slice(2) : ["none"];
if (verb === "serve") {
	const port = Number(rest[0] || 8130);
	await listen(port);
	console.log(`http://127.0.0.1:${port}/`);
} else if (verb === "shots") {
	const server = await listen(0);
	await shots(rest[0], rest.slice(1), server.address().port);
	server.close();
} else if (verb !== "none") {
	console.error("usage: tool.mjs serve [PORT] | shots DIR [NAME..]");
	process.exitCode = 64;
}
