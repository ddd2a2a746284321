/*
 * What people come to do, from their first page to the last, as they do it: with a mouse, on a phone, without JavaScript, by
 * the keyboard alone, in French and in Arabic.
 */
import path from "node:path";
import { axe, become_admin, is, open, run, step, totp, vnu } from "./lib.mjs";

const text = (page, sel) => page.locator(sel).first().textContent();
const words = async (page, sel) => (await text(page, sel)).trim().replace(/\s+/g, " ");

/* From the home page to the page of an actor near a town, by typing the first letters of it. */
async function near_home(web, s, { lang, typed, options = {} }) {
	const what = `near home, ${lang}`;
	const page = await open(web, s.at, options);
	await page.goto(`/${lang}/`);
	/* a slow machine shows towns for the first letters meanwhile: those for all of them count */
	const answered = page.waitForResponse((r) => new URL(r.url()).searchParams.get("q") === typed);
	await page.locator("#h-t").pressSequentially(typed);
	await (await answered).finished();
	await page.locator("[role=option]", { hasText: /^(Grenoble|غرونوبل)/ }).first().click();
	is(`${what}: the town is chosen with its code`, /\(38185\)$/.test(await page.locator("#h-t").inputValue()));
	await page.locator(".finder button").click();
	await page.waitForURL(/\/directory\?.*territory=/);
	is(`${what}: actors of the town`, await page.locator("#results .item-title").count() > 0);
	const name = await words(page, "#results .item-title a");
	await page.locator("#results .item-title a").first().click();
	is(`${what}: its page`, (await words(page, "h1")).startsWith(name));
	is(`${what}: how to reach it`, await page.locator("#contact").isVisible());
	is(`${what}: direction`, await page.locator("html").getAttribute("dir"), lang === "ar" ? "rtl" : "ltr");
	is(`${what}: console`, page.problems, []);
	await page.context().close();
}

async function near_home_without_script(web, s) {
	const what = "near home without script";
	const page = await open(web, s.at, { javaScriptEnabled: false, viewport: { width: 360, height: 780 } });
	await page.goto("/fr/");
	await page.locator("#h-t").fill("grenoble");
	await page.locator(".finder button").click();
	is(`${what}: actors of the town`, await page.locator("#results .item-title").count() > 0);
	await page.locator(".filter-open").first().click();
	await page.locator("#filters summary").first().click();
	const box = page.locator("#filters details[open] input[type=checkbox]").first();
	const value = await box.getAttribute("value");
	await box.check();
	await page.locator("#filters .btn-main").click();
	is(`${what}: the filter is in the address`, page.url().includes(`=${value}`));
	is(`${what}: and can be removed`, await page.locator(".chips .chip-x").count(), 2);
	await page.locator("#results .item-title a").first().click();
	is(`${what}: a page`, (await words(page, "h1")).length > 2);
	await page.goto("/fr/map");
	is(`${what}: the map is drawn`, await page.locator("svg a").count() > 5);
	await page.context().close();
}

/* Tab until something has the focus, as somebody without a mouse does. */
async function tab_to(page, selector, most = 80) {
	for (let i = 0; i < most; i++) {
		await page.keyboard.press("Tab");
		if (await page.evaluate((sel) => document.activeElement.matches(sel), selector)) return;
	}
	throw new Error(`Tab never reached ${selector}`);
}

async function near_home_by_keyboard(web, s) {
	const what = "near home by keyboard";
	const page = await open(web, s.at);
	await page.goto("/fr/");
	await page.keyboard.press("Tab");
	is(`${what}: the skip link comes first`, await page.evaluate(() => document.activeElement.matches(".skip")));
	await tab_to(page, "#h-t");
	await page.keyboard.type("greno");
	await page.locator("[role=option]").first().waitFor();
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("Enter");
	is(`${what}: chosen`, /\(38185\)$/.test(await page.locator("#h-t").inputValue()));
	await tab_to(page, ".finder button");
	is(`${what}: the focus shows`, await page.evaluate(() => {
		const style = getComputedStyle(document.activeElement);
		return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
	}));
	await Promise.all([page.waitForURL(/territory=/), page.keyboard.press("Enter")]);
	await tab_to(page, "#results .item-title a");
	const name = await page.evaluate(() => document.activeElement.textContent.trim());
	await Promise.all([page.waitForURL(/\/directory\/[^/?]+$/), page.keyboard.press("Enter")]);
	is(`${what}: its page`, (await words(page, "h1")).startsWith(name));
	await page.context().close();
}

/* The last kept mail to somebody, as the administrator reads it: its link. */
async function mailed_link(admin, to) {
	await admin.goto("/fr/admin/mail");
	await admin.locator("li", { has: admin.locator(".item-meta", { hasText: to }) }).first().locator("a").first().click();
	return admin.locator(".mail-body a").first().getAttribute("href");
}

/* Proposes an actor, after forgetting one answer; then corrects it by the mailed link. */
async function volunteer(web, s, admin, { lang, name, mail, options = {} }) {
	const what = `volunteer, ${lang}${options.javaScriptEnabled === false ? " without script" : ""}`;
	const page = await open(web, s.at, { viewport: { width: 360, height: 780 }, ...options });
	await page.goto(`/${lang}/directory`);
	await page.goto(`/${lang}/directory/propose`);
	await page.locator("#name").fill(name);
	await page.locator("#kind").selectOption("collective");
	await page.locator("#summary").fill("Repas, cours et coups de main.");
	await page.locator("#territory").fill("Voiron");
	await page.locator("[id='contacts.0.type']").selectOption("mail");
	await page.locator("[id='contacts.0.value']").fill(`secret-${mail}`);
	await page.locator("[id='contacts.0.visibility']").selectOption("hidden");
	await page.locator("main form .actions .btn-main").last().click();
	await page.locator(".error-summary").waitFor();
	is(`${what}: the forgotten address is asked for`, await page.locator("#proposer_mail").getAttribute("aria-invalid"), "true");
	is(`${what}: nothing typed is lost`, [await page.locator("#name").inputValue(), await page.locator("#summary").inputValue(),
		await page.locator("[id='contacts.0.value']").inputValue()], [name, "Repas, cours et coups de main.", `secret-${mail}`]);
	if (options.javaScriptEnabled !== false) is(`${what}: axe of the form with its mistakes`, await axe(page), []);
	await page.locator("#proposer_mail").fill(mail);
	await page.locator("main form .actions .btn-main").last().click();
	await page.waitForURL(/\/desk\/thanks/);
	const search = await page.request.get(`/${lang}/directory?q=${encodeURIComponent(name)}`);
	is(`${what}: not public before a decision`, (await search.text()).includes(`<bdi>${name}</bdi>`), false);

	const link = await mailed_link(admin, mail);
	is(`${what}: the link is in the language of the proposal`, new URL(link).pathname.startsWith(`/${lang}/desk/p/`));
	await page.goto(link);
	if (options.javaScriptEnabled !== false) is(`${what}: axe of what the link opens`, await axe(page), []);
	await page.locator("button[value=confirm]").click();
	await page.waitForURL(/\/desk\/p\//);
	is(`${what}: confirmed once`, await page.locator("button[value=confirm]").count(), 0);
	await page.locator("main .actions a.btn").first().click();
	await page.waitForURL(/\/edit$/);
	is(`${what}: what was sent stands in the form`, await page.locator("#name").inputValue(), name);
	await page.locator("#summary").fill("Repas et cours, tous les jeudis.");
	await page.locator("main form .actions .btn-main").last().click();
	await page.waitForURL((u) => !u.pathname.endsWith("/edit"));
	await page.goto(`${link}/edit`);
	is(`${what}: corrected`, await page.locator("#summary").inputValue(), "Repas et cours, tous les jeudis.");
	is(`${what}: console`, page.problems.filter((p) => !p.includes("422")), []);
	await page.context().close();
}

/* Somebody invited as moderator comes in by the mailed link and sets the codes up. */
async function invite_moderator(web, s, admin) {
	await admin.goto("/fr/admin/accounts");
	await admin.locator("#mail").fill("moderation@example.org");
	await admin.locator("#role").selectOption("moderator");
	await admin.locator("section form .btn-main").first().click();
	await admin.waitForLoadState();
	const page = await open(web, s.at);
	await page.goto(await mailed_link(admin, "moderation@example.org"));
	await page.locator("main form .btn-main").click();
	await page.waitForURL((u) => !u.pathname.includes("/enter/"));
	await page.goto("/fr/account");
	is("moderator: no account page, and so no token, before the code", /\/account\/(totp|code)/.test(page.url()));
	await page.goto("/fr/desk");
	is("moderator: codes are asked for first", /\/account\/(totp|code)/.test(page.url()));
	await page.locator("#code").fill("000000");
	await page.locator("main form .btn-main").click();
	is("moderator: a wrong code is refused", await page.locator("#code-e").count(), 1);
	await page.locator("#code").fill(totp(await text(page, "main code")));
	await page.locator("main form .btn-main").click();
	is("moderator: recovery codes are shown once", await page.locator("#recovery-codes li").count(), 10);
	is("moderator: axe of the recovery codes", await axe(page), []);
	await page.locator("main .actions a.btn-main").click();
	await page.waitForURL((u) => !/\/totp$/.test(u.pathname));
	return page;
}

async function moderator(web, s, admin, name, mail) {
	const page = await invite_moderator(web, s, admin);
	await page.goto("/fr/desk");
	is("moderator: axe of the queue", await axe(page), []);
	await page.getByRole("link", { name }).first().click();
	is("moderator: sees who sent it", await page.locator("main").textContent().then((t) => t.includes(mail)));
	is("moderator: axe of a proposal", await axe(page), []);
	await page.locator("button[value=accept]").click();
	await page.waitForLoadState();

	const visitor = await open(web, s.at);
	await visitor.goto(`/fr/directory?q=${encodeURIComponent(name)}`);
	await visitor.locator("#results .item-title a", { hasText: name }).first().click();
	const address = visitor.url();
	is("published: its page", await words(visitor, "h1"), name);
	is("published: the hidden address is nowhere", (await (await visitor.request.get(address)).text()).includes("secret-"), false);

	await visitor.locator("a[href$='/edit']").first().click();
	await visitor.locator("#summary").fill("Une salle trouvée, enfin.");
	await visitor.locator("details.form-part summary").first().click();
	await visitor.locator("#acronym").fill("NON");
	await visitor.locator("#proposer_mail").fill("voisin@example.org");
	await visitor.locator("main form .actions .btn-main").last().click();
	await visitor.waitForURL((u) => !u.pathname.endsWith("/edit"));
	is("a suggestion is thanked for", await visitor.locator(".notice-ok").count() > 0);
	await visitor.goto(address);
	is("a suggestion changes nothing by itself", (await text(visitor, "main")).includes("enfin"), false);

	await page.goto("/fr/desk");
	await page.getByRole("link", { name }).first().click();
	is("moderator: the fields that differ", await page.locator("input[name=keep]").evaluateAll((l) => l.map((i) => i.value).sort()), ["acronym", "summary"]);
	is("moderator: axe of the differences", await axe(page), []);
	const [[, said]] = [...vnu(new Map([["differences", await page.content()]]))];
	is("moderator: the differences are sound HTML", said, []);
	await page.locator("input[name=keep][value=acronym]").uncheck();
	await page.locator("button[value=accept]").click();
	await page.waitForLoadState();
	await visitor.goto(address);
	is("the accepted field changed", (await text(visitor, "main")).includes("Une salle trouvée, enfin."));
	is("the other did not", (await text(visitor, "main")).includes("NON"), false);

	await visitor.goto(`${address}/history`);
	is("history tells both versions", await visitor.locator("main a[href*='/history/']").count() >= 1);
	is("history: axe", await axe(visitor), []);
	is("history: no hidden address", (await visitor.content()).includes("secret-"), false);
	await visitor.context().close();
	await page.context().close();
}

/* A fresh site, by its one-time link, to a map imported from a file. */
async function administrator(web, s) {
	const page = await open(web, s.at);
	const link = s.link();
	is("fresh site: the link is printed", typeof link, "string");
	await page.goto("/fr/admin");
	is("fresh site: nobody else gets in", /\/account\/sign-in/.test(page.url()));
	await become_admin(page, s);
	const again = await page.request.get(link);
	is("fresh site: the link serves once", again.status(), 404);
	await page.goto("/fr/admin/setup");
	is("setup: axe", await axe(page), []);
	await page.locator("main form input[type=text]").first().fill("Le réseau de la vallée");
	await page.locator("main form .btn-main").click();
	await page.waitForURL(/\/fr\/admin$/);
	await page.goto("/fr/");
	is("the site has its name", (await page.title()).includes("Le réseau de la vallée"));

	await page.goto("/fr/admin/import");
	is("import: axe", await axe(page), []);
	await page.locator("#file").setInputFiles(path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "fixture.umap"));
	await page.locator("#kind").selectOption({ index: await page.locator("#kind option").evaluateAll((l) => l.findIndex((o) => o.value === "actors" || o.value === "actor")) });
	await page.locator("main form .btn-main").click();
	await page.waitForURL(/\/admin\/import\/file\//);
	is("import: the preview shows the names", (await text(page, "main")).includes("La table des voisines"));
	is("import: axe of the preview", await axe(page), []);
	await page.locator("button[value=go]").click();
	await page.waitForURL(/\/admin\/import\/run\//);
	for (let i = 0; i < 40 && (await page.locator("[role=status]").count()); i++) {
		run("job", "run", "--data", s.data);
		await page.reload();
	}
	is("import: created, rejected", await page.locator("main dl dd").evaluateAll((l) => l.map((d) => d.textContent.trim())), ["3", "2", "0", "0", "1"]);
	is("import: axe of the report", await axe(page), []);
	await page.goto("/fr/directory");
	is("the directory has them", await page.locator("#results .item-title").evaluateAll((l) => l.map((h) => h.textContent.trim()).sort()), ["Atelier vélo du quai", "La table des voisines"]);
	const found = await (await page.request.get("/api/v1/actors.geojson")).json();
	is("so has the map's data", found.features.length, 2);
	is("fresh site: console", page.problems, []);
	await page.context().close();
}

export async function journeys(web, s, fresh) {
	await step("near home, fr", () => near_home(web, s, { lang: "fr", typed: "greno" }));
	await step("near home, ar", () => near_home(web, s, { lang: "ar", typed: "غرونوبل", options: { viewport: { width: 360, height: 780 } } }));
	await step("near home without script", () => near_home_without_script(web, s));
	await step("near home by keyboard", () => near_home_by_keyboard(web, s));
	const admin = await open(web, s.at);
	await step("administrator of the demonstration", () => become_admin(admin, s));
	await step("volunteer, fr", () => volunteer(web, s, admin, { lang: "fr", name: "Le potager d'en face", mail: "amina@example.org" }));
	await step("volunteer, ar, without script", () => volunteer(web, s, admin, { lang: "ar", name: "مائدة الجيران", mail: "samir@example.org", options: { javaScriptEnabled: false } }));
	await step("moderator", () => moderator(web, s, admin, "Le potager d'en face", "amina@example.org"));
	await step("administrator", () => administrator(web, fresh));
	await admin.context().close();
}
