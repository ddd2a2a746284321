/*
 * The mock pages of doc/styleguide are sound (axe, the HTML checker, no overflow, no console error, light enough), and
 * assets/js/site.js does what doc/design-language.md says. Ends with "N passed, M failed".
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { browser, listen, make, names } from "../../doc/styleguide/tool.mjs";

const require = createRequire(import.meta.url);
const server = await listen(0);
const at = `http://127.0.0.1:${server.address().port}/`;
const web = await browser();
let passed = 0;
let failed = 0;

function is(what, got, wanted = true) {
	if (JSON.stringify(got) === JSON.stringify(wanted)) {
		passed++;
	} else {
		failed++;
		console.log(`FAIL ${what}: ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
	}
}

async function open(name, options = {}) {
	const context = await web.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", ...options });
	const page = await context.newPage();
	await page.goto(at + name);
	return page;
}

/* Every page, on a phone in light and on a desk in dark; 320 is what 1280 is at a zoom of 400 %. */
async function soundness() {
	const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
	const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
	const page = await open("");
	let said = [];

	page.on("console", (m) => m.type() === "error" && said.push(m.text()));
	page.on("pageerror", (e) => said.push(String(e)));
	for (const name of names()) {
		for (const [width, colorScheme] of [[360, "light"], [1280, "dark"]]) {
			said = [];
			await page.setViewportSize({ width, height: 800 });
			await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
			await page.goto(at + name);
			await page.evaluate(axe);
			const found = await page.evaluate((runOnly) => window.axe.run(document, { runOnly }), tags);
			is(`${name} ${width} ${colorScheme}: axe`, found.violations.map((v) => `${v.id} ${v.nodes[0].target}`), []);
			is(`${name} ${width}: console`, said, []);
		}
		for (const width of [320, 768, 1280]) {
			await page.setViewportSize({ width, height: 800 });
			is(`${name} ${width}: overflow`, await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
		}
	}
	await page.context().close();
}

function checker() {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), "styleguide-"));
	const jar = path.join(path.dirname(require.resolve("vnu-jar/package.json")), "build/dist/vnu.jar");
	const files = names().map((n) => path.join(dir, n + ".html"));

	names().forEach((n, i) => fs.writeFileSync(files[i], make(n)));
	const vnu = spawnSync("java", ["-jar", jar, "--stdout", "--format", "gnu", ...files], { encoding: "utf8" });
	for (const file of files) {
		const about = vnu.stdout.split("\n").filter((l) => l.includes(path.basename(file)) && / error/.test(l));
		is(`${path.basename(file)}: vnu`, about.map((l) => l.replace(/.*html":/, "")), []);
	}
	fs.rmSync(dir, { recursive: true });
}

async function weight() {
	const page = await open("");
	const sent = await page.context().newCDPSession(page);
	let bytes = 0;
	await sent.send("Network.enable");
	sent.on("Network.loadingFinished", (e) => {
		bytes += e.encodedDataLength;
	});
	await page.goto(at + "home.fr", { waitUntil: "networkidle" });
	is(`first visit of the home page under 40 KB (${bytes} bytes)`, bytes < 40000);
	await page.context().close();
}

async function without_script() {
	const page = await open("directory.fr", { viewport: { width: 360, height: 800 }, javaScriptEnabled: false });

	await page.keyboard.press("Tab");
	is("the skip link comes first", await page.locator(".skip").evaluate((el) => el === document.activeElement));
	is("menu folded", await page.locator("#menu").isVisible(), false);
	await page.locator(".nav-open").click();
	is("menu opens without script", await page.locator("#menu a").first().isVisible());
	await page.locator(".nav-close").click();
	is("menu closes", await page.locator("#menu").isVisible(), false);
	await page.locator(".filter-open").first().click();
	is("filters open without script", await page.locator("#filters").isVisible());
	await page.locator(".filter-close").click();
	is("filters close", await page.locator("#filters").isVisible(), false);
	await page.locator(".pop > summary").click();
	is("languages open", await page.locator(".pop a[lang=ar]").isVisible());
	is("inside the window", await page.locator(".pop .menu-list").evaluate((el) => {
		const box = el.getBoundingClientRect();
		return box.left >= 0 && box.right <= innerWidth;
	}));
	await page.context().close();
}

async function combobox() {
	const page = await open("tell.fr");
	const input = page.locator("#where");

	await input.pressSequentially("gr");
	await page.locator("[role=option]").waitFor();
	is("list is open", await input.getAttribute("aria-expanded"), "true");
	is("nothing chosen yet", await input.getAttribute("aria-activedescendant"), null);
	await input.press("ArrowDown");
	is("first option is active", await page.locator(`#${await input.getAttribute("aria-activedescendant")}`).textContent(), "GrenobleIsère");
	is("count is said", await page.locator(".combo:has(#where) [role=status]").textContent(), "1 propositions");
	await input.press("Enter");
	is("choice is put", await input.inputValue(), "Grenoble (38185)");
	is("list is closed", await input.getAttribute("aria-expanded"), "false");
	await input.fill("tou");
	await page.locator("[role=option]").waitFor();
	await input.press("Escape");
	is("Escape closes and keeps the text", [await input.inputValue(), await input.getAttribute("aria-expanded")], ["tou", "false"]);
	await input.fill("lyo");
	await page.locator("[role=option]").click();
	is("choice by pointer", await input.inputValue(), "Lyon (69123)");
	await input.fill("zzzz");
	await page.getByText("Aucun territoire trouvé").waitFor({ state: "attached" });
	is("nothing found is said, not shown as a list", await page.locator(".combo:has(#where) .combo-list").isVisible(), false);
	await page.context().close();
	const home = await open("home.fr");
	await home.locator("#h-t").fill("gr");
	await home.locator("[role=option]").waitFor();
	is("nothing covers or cuts the list", await home.locator("[role=option]").evaluate((li) => {
		const box = li.getBoundingClientRect();
		return li.contains(document.elementFromPoint(box.left + 9, box.bottom - 3));
	}));
	await home.context().close();
}

async function rows() {
	const page = await open("tell.fr");
	const count = () => page.locator(".repeat-row:has([name^=link])").count();
	const add = page.getByRole("button", { name: "Ajouter un lien" });

	await page.locator("[name='link.0.title']").fill("Premier");
	await add.click();
	is("a row more", await count(), 2);
	is("focus goes into it", await page.evaluate(() => document.activeElement.name), "link.1.title");
	is("it is empty", await page.locator("[name='link.1.title']").inputValue(), "");
	is("its help is its own", await page.locator("[name='link.1.title']").getAttribute("aria-describedby"), "link.1-h");
	is("its name is its own", await page.locator(".repeat-row:has([name^=link])").nth(1).getAttribute("aria-label"), "Lien 2");
	await add.click();
	is("no more than the most", [await count(), await add.isVisible()], [3, false]);
	await page.getByRole("button", { name: "Retirer ce lien" }).nth(1).click();
	is("a row less", [await count(), await add.isVisible()], [2, true]);
	await add.click();
	is("names stay unique", await page.evaluate(() => {
		const all = [...document.querySelectorAll(".repeat [name^=link]")].map((f) => f.name);
		return new Set(all).size === all.length;
	}));
	is("the server's own button steps aside", await page.locator("[name=add_row]").isVisible(), false);
	await page.getByRole("button", { name: "Ajouter un territoire" }).click();
	is("rows of one name get ids of their own", await page.locator("[name=also]").evaluateAll((l) => l.map((f) => f.id)), ["also.0", "also.1", "also.2"]);
	is("and labels that count on", await page.locator("[name=also]").last().getAttribute("aria-label"), "Territoire 3");
	await page.locator("[name=also]").last().pressSequentially("gr");
	await page.locator("[role=option]").waitFor();
	is("a new row suggests too", await page.locator("[role=option]").count(), 1);
	await page.context().close();
}

async function autosave() {
	const page = await open("tell.fr");

	await page.locator("#title").fill("La table ouverte");
	await page.locator("input[value=no]").check();
	await page.getByRole("button", { name: "Ajouter un lien" }).click();
	await page.locator("[name='link.1.url']").fill("https://example.org/");
	await page.getByRole("button", { name: "Ajouter un territoire" }).click();
	await page.locator("[name=also]").last().fill("Lyon");
	await page.waitForTimeout(500);
	await page.reload();
	is("text comes back", await page.locator("#title").inputValue(), "La table ouverte");
	is("choice comes back", await page.locator("input[value=no]").isChecked());
	is("added row comes back", await page.locator("[name='link.1.url']").inputValue(), "https://example.org/");
	is("and rows of one name, no more than there were", await page.locator("[name=also]").evaluateAll((l) => l.map((f) => f.value)), ["", "", "Lyon"]);
	is("and it is said", await page.locator("form [role=status]").first().isVisible());
	await page.getByRole("button", { name: "Repartir de zéro" }).click();
	await page.waitForLoadState();
	await page.locator("#title").waitFor();
	is("and can be dropped", await page.locator("#title").inputValue(), "");
	await page.context().close();
}

async function filters() {
	const page = await open("fr/directory");

	await page.evaluate(() => {
		window.same = true;
		document.querySelector("#results h2").textContent = "old";
	});
	await page.locator("input[value=association]").check();
	await page.waitForFunction(() => document.querySelector("#results h2").textContent !== "old");
	is("results change in place", await page.evaluate(() => window.same));
	is("the address follows", new URL(page.url()).searchParams.getAll("kind"), ["collective", "association"]);
	is("the count is said", await page.locator("form.filters + [role=status]").textContent(), "24 acteurs");
	is("focus stays", await page.evaluate(() => document.activeElement.value), "association");
	await page.context().close();
}

async function small() {
	const page = await open("tell.fr");

	await page.locator("#title").pressSequentially("Collectif");
	await page.getByText("Une fiche proche existe déjà").waitFor();
	is("what is close is announced", await page.locator("[aria-live=polite] a").textContent(), "Collectif Accueil Grenoble");
	is("the copy button shows itself", await page.locator("[data-copy]").isVisible());
	await page.locator(".pop > summary").click();
	await page.keyboard.press("Escape");
	is("Escape folds the languages", await page.locator(".pop").getAttribute("open"), null);
	is("and focus returns", await page.evaluate(() => document.activeElement.localName), "summary");
	const posts = [];
	await page.route("**/practices/propose", (route) => {
		posts.push(route.request().method());
		return new Promise(() => {});
	});
	await page.evaluate(() => {
		const form = document.querySelector("main form");
		form.requestSubmit();
		form.requestSubmit();
	});
	await page.waitForTimeout(200);
	is("a form is sent once", posts, ["POST"]);
	await page.context().close();
	const wrong = await open("propose.fr");
	is("mistakes take the focus", await wrong.evaluate(() => document.activeElement.id), "errors");
	await wrong.context().close();
}

/* Whatever colours an administrator is allowed to choose, all that derives from them stays readable, light and dark. */
async function colours() {
	const themes = {
		ours: "",
		green: "--accent:#2f6b3a;--accent-2:#8a3d7a;--paper:#fff;--ink:#111",
		purple: "--accent:#6a3d9a;--accent-2:#b3261e;--paper:#fdf6fb;--ink:#2a1a33",
		red: "--accent:#b3202c;--accent-2:#7a5c00;--paper:#f2efe6;--ink:#222",
		black: "--accent:#000;--accent-2:#555;--paper:#fff;--ink:#000",
		orange: "--accent:#a64b00;--accent-2:#00695c;--paper:#fff8ec;--ink:#33261a",
		blue: "--accent:#0062cc;--accent-2:#c2410c;--paper:#f4f4f0;--ink:#333",
	};
	const pairs = [
		[7, "text", "bg surface sunk tint warm-tint ok-tint wait-tint bad-tint"], [4.5, "muted", "bg surface sunk tint"],
		[4.5, "link", "bg surface"], [4.5, "brand-deep", "tint sunk warm-tint ok-tint wait-tint bad-tint"],
		[4.5, "on-brand", "brand brand-deep"], [4.5, "surface", "warm"], [3, "link", "tint"], [3, "warm", "bg"],
		[3, "edge", "bg surface"], [4.5, "ok", "ok-tint"], [4.5, "wait", "wait-tint"], [4.5, "bad", "bad-tint bg surface"],
	];
	const css = fs.readFileSync(new URL("../../assets/css/site.css", import.meta.url), "utf8");

	for (const [name, chosen] of Object.entries(themes)) {
		for (const colorScheme of ["light", "dark"]) {
			const context = await web.newContext({ colorScheme });
			const page = await context.newPage();
			await page.setContent(`<html lang="fr"><style>${css}</style><style>:root{${chosen}}</style><canvas></canvas><p></p>`);
			is(`${name}, ${colorScheme}: contrast`, await page.evaluate((wanted) => {
				const draw = document.querySelector("canvas").getContext("2d", { willReadFrequently: true });
				const p = document.querySelector("p");
				const light = (colour) => {
					p.style.color = `var(--${colour})`;
					draw.fillStyle = getComputedStyle(p).color;
					draw.fillRect(0, 0, 1, 1);
					const [r, g, b] = [...draw.getImageData(0, 0, 1, 1).data].map((x) => {
						const v = x / 255;
						return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
					});
					return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
				};
				const low = [];
				for (const [least, fore, backs] of wanted) {
					for (const back of backs.split(" ")) {
						const [a, b] = [light(fore), light(back)];
						const ratio = Math.max(a, b) / Math.min(a, b);
						if (ratio < least) low.push(`${fore} on ${back} ${ratio.toFixed(2)}`);
					}
				}
				return low;
			}, pairs), []);
			await context.close();
		}
	}
}

for (const part of [colours, without_script, combobox, rows, autosave, filters, small, weight, soundness, checker]) {
	try {
		await part();
	} catch (e) {
		is(part.name, String(e).split("\n")[0], "no exception");
	}
}
await web.close();
server.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
