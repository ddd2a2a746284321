/*
 * What the tests in a browser share: a site of its own for each, on a free port with its own data, Debian's Chromium, and
 * the count of what holds. Everything started here is stopped here, by its process.
 */
import crypto from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { spawn, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

export const require = createRequire(import.meta.url);
export const program = path.resolve(process.env.BUILD ?? "build", "maillage");
export const tmp = fs.mkdtempSync(path.join(os.tmpdir(), "browser-"));
export const count = { passed: 0, failed: 0, skipped: 0 };

const children = new Set();
const axe_source = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const axe_rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export function is(what, got, wanted = true) {
	if (JSON.stringify(got) === JSON.stringify(wanted)) {
		count.passed++;
		return true;
	}
	count.failed++;
	console.log(`FAIL ${what}: ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
	return false;
}

/* A step that throws fails by its name; the next ones still run. */
export async function step(what, act) {
	const began = Date.now();
	try {
		await act();
	} catch (e) {
		is(what, String(e.message ?? e).split("\n").slice(0, 6).join(" "), "no exception");
	}
	if (process.env.TIMES) console.log(`${what}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

/* The program, run to its end. */
export function run(...args) {
	const done = spawnSync(program, args, { encoding: "utf8" });
	return { status: done.status, out: done.stdout, err: done.stderr };
}

function free_port() {
	return new Promise((resolve, reject) => {
		const s = net.createServer();
		s.on("error", reject);
		s.listen(0, "127.0.0.1", () => {
			const { port } = s.address();
			s.close(() => resolve(port));
		});
	});
}

/* Starts a site: { at, data, link, stop }, where link is the one-time link of the administrator; on data of before, if given. */
export async function site({ demo = true, data = null, args = [] } = {}) {
	const again = data !== null;
	data ??= fs.mkdtempSync(path.join(tmp, "data-"));
	if (demo && !again) {
		const loaded = run("demo", "--data", data);
		if (loaded.status !== 0) throw new Error(`demo: ${loaded.err}`);
	}
	const at = `http://127.0.0.1:${await free_port()}`;
	const child = spawn(program, ["serve", "--data", data, "--listen", at.slice(7), "--base-url", at, ...args], { stdio: ["ignore", "pipe", "pipe"] });
	let said = "";
	let log = "";
	const ended = new Promise((resolve) => child.on("exit", (code, signal) => {
		children.delete(child);
		resolve(code ?? signal);
	}));
	children.add(child);
	child.stdout.on("data", (d) => {
		said += d;
	});
	child.stderr.on("data", (d) => {
		log += d;
	});
	for (let tries = 0; ; tries++) {
		try {
			if ((await fetch(`${at}/health`)).ok) break;
		} catch {
			if (tries > 300 || child.exitCode !== null) throw new Error(`the site did not start: ${log}`);
			await new Promise((r) => setTimeout(r, 50));
		}
	}
	return {
		at, data, pid: child.pid,
		link: () => said.match(/http:\S+\/account\/setup\/\S+/)?.[0],
		log: () => log,
		stop: async (signal = "SIGTERM") => {
			child.kill(signal);
			return ended;
		},
	};
}

export const browser = () => chromium.launch({
	executablePath: "/usr/bin/chromium",
	args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync"],
});

/* A page of a context of its own, that remembers in page.problems what a visitor's console would show and what left the site. */
export async function open(web, at, options = {}) {
	const context = await web.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", baseURL: at, ...options });
	const page = await context.newPage();
	page.problems = [];
	page.on("console", (m) => m.type() === "error" && page.problems.push(m.text()));
	page.on("pageerror", (e) => page.problems.push(String(e)));
	context.on("request", (rq) => {
		if (/^(https?|wss?):/.test(rq.url()) && new URL(rq.url()).origin !== at) page.problems.push(`left the site: ${rq.url()}`);
	});
	page.setDefaultTimeout(15000);
	return page;
}

/* What axe finds wrong in the page as it is now, each rule with where. */
export async function axe(page) {
	await page.evaluate(axe_source);
	const found = await page.evaluate((runOnly) => window.axe.run(document, { runOnly, resultTypes: ["violations"] }), axe_rules);
	return found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(", ")}`);
}

/* What the HTML checker says of each named text: one run for all of them, since Java is slow to start. */
export function vnu(pages) {
	const jar = path.join(path.dirname(require.resolve("vnu-jar/package.json")), "build/dist/vnu.jar");
	const dir = fs.mkdtempSync(path.join(tmp, "vnu-"));
	const files = [...pages.keys()].map((name, i) => [name, path.join(dir, `p${i}.html`)]);
	for (const [name, file] of files) fs.writeFileSync(file, pages.get(name));
	const said = spawnSync("java", ["-jar", jar, "--stdout", "--format", "gnu", ...files.map((f) => f[1])], { encoding: "utf8", maxBuffer: 1 << 26 });
	if (said.error) throw said.error;
	return new Map(files.map(([name, file]) => [name,
		said.stdout.split("\n").filter((l) => l.includes(`${path.basename(file)}"`) && / error/.test(l)).map((l) => l.replace(/^.*?html":/, ""))]));
}

/* The code that an authenticator shows (RFC 6238), for a key in base 32; `ahead` counts half minutes. */
export function totp(key, ahead = 0) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	const bits = [...key.replace(/[^A-Z2-7]/gi, "").toUpperCase()].map((c) => letters.indexOf(c).toString(2).padStart(5, "0")).join("");
	const bytes = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + ahead));
	const h = crypto.createHmac("sha1", bytes).update(counter).digest();
	const at = h[19] & 15;
	return String((h.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, "0");
}

/* Becomes the administrator by the one-time link, second factor included, in the page given. Gives the key of the codes. */
export async function become_admin(page, s, mail = "admin@example.org") {
	await page.goto(s.link());
	await page.locator("#mail").fill(mail);
	await page.locator("#name").fill("Noor");
	await page.locator("main form button.btn-main").click();
	await page.waitForURL(/\/account\/totp/);
	const key = await page.locator("main code").first().textContent();
	await page.locator("#code").fill(totp(key));
	await page.locator("main form button.btn-main").click();
	await page.locator("#recovery-codes").waitFor();
	await page.locator("main .actions a.btn-main").click();
	await page.waitForURL((u) => !u.pathname.endsWith("/totp"));
	return key;
}

export function clean() {
	for (const child of children) child.kill("SIGKILL");
	fs.rmSync(tmp, { recursive: true, force: true });
}
