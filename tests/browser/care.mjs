/*
 * How a page lives on: a mistake is reported, somebody writes to it, its people keep it themselves, two edit it at once, it
 * turns out to be there twice, a year passes, somebody translates it. Mails go through a real server.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { axe, become_admin, is, open, step } from "./lib.mjs";
import { link_in, smtp } from "./smtp.mjs";

const send = (page) => page.locator("main form .actions .btn-main").last().click();
const main = (page) => page.locator("main").textContent();
const phone = { viewport: { width: 360, height: 780 } };

/* The clock moves by moving what the database remembers: days since a page was confirmed; scheduled work comes due. */
function later(s, days) {
	const done = spawnSync("/usr/bin/python3", ["-c", `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=20)
ms = int(sys.argv[2]) * 86400000
db.execute("UPDATE object SET checked_at = checked_at - ?, published_at = published_at - ?", (ms, ms))
db.execute("UPDATE setting SET value = CAST(CAST(value AS INTEGER) - ? AS TEXT) WHERE name LIKE 'care.%'", (ms,))
db.execute("UPDATE job SET due_at = 0 WHERE kind = 'desk-upkeep'")
db.commit()
`, path.join(s.data, "maillage.db"), String(days)], { encoding: "utf8" });
	if (done.status !== 0) throw new Error(done.stderr);
}

async function set_up(admin, s, mails) {
	await become_admin(admin, s);
	await admin.goto("/fr/admin/mail-server");
	await admin.locator("#host").fill("127.0.0.1");
	await admin.locator("#port").fill(String(mails.port));
	await admin.locator("#way").selectOption("plain");
	await admin.locator("#from").fill("site@example.org");
	await admin.locator("button[value=keep]").click();
	await admin.getByRole("button", { name: "essai" }).click();
	const m = await mails.mail("admin@example.org");
	is("mail server: the test mail came", m.from, "site@example.org");
}

/* Publishes an actor as administrator; its address. */
async function publish(admin, name, contact, another = false) {
	await admin.goto("/fr/directory/propose");
	await admin.locator("#name").fill(name);
	await admin.locator("#kind").selectOption("collective");
	await admin.locator("#territory").fill("Voiron (38563)");
	await admin.locator("#summary").fill("Repas et cours.");
	await admin.locator("[id='contacts.0.type']").selectOption("mail");
	await admin.locator("[id='contacts.0.value']").fill(contact);
	await admin.locator("[id='contacts.0.visibility']").selectOption("hidden");
	await send(admin);
	if (another) {
		await admin.locator("[name=another_one]").check();
		await send(admin);
	}
	await admin.waitForURL((u) => !u.pathname.endsWith("/propose"));
	return new URL(admin.url()).pathname;
}

async function report(web, s, admin, mails, at) {
	const page = await open(web, s.at, { ...phone, javaScriptEnabled: false });
	await page.goto(at);
	await page.locator("a[href$='/report']").first().click();
	await page.locator("[name=kind]").first().check();
	await page.locator("#proposer_mail").fill("lea@example.org");
	await send(page);
	is("report: what is wrong must be said", await page.locator("#text").getAttribute("aria-invalid"), "true");
	is("report: the address stays", await page.locator("#proposer_mail").inputValue(), "lea@example.org");
	await page.locator("#text").fill("Le repas a lieu le mardi.");
	await send(page);
	is("report: thanked for", await page.locator(".notice-ok").count(), 1);
	await mails.mail("lea@example.org");

	await admin.goto("/fr/desk?type=report");
	is("report: axe of the queue", await axe(admin), []);
	await admin.locator("main table a, main .item-title a").first().click();
	is("report: the moderator reads it", (await main(admin)).includes("Le repas a lieu le mardi."));
	is("report: axe", await axe(admin), []);
	await admin.locator("#reason").fill("Corrigé, merci.");
	await admin.locator("button[value=accept]").click();
	await admin.waitForURL(/\/fr\/desk$/);
	const news = await mails.mail("lea@example.org");
	is("report: the answer comes by mail", news.text.includes("Corrigé, merci."));
	await page.context().close();
}

async function contact(web, s, mails, at) {
	const page = await open(web, s.at, phone);
	await page.goto(at);
	is("contact: the address is not on the page", (await page.content()).includes("roya.example"), false);
	await page.locator("a[href$='/contact']").first().click();
	is("contact: axe", await axe(page), []);
	await page.locator("#text").fill("Bonjour, quand ouvrez-vous ?");
	await page.locator("#proposer_mail").fill("samir@example.org");
	await page.locator("#proposer_name").fill("Samir");
	await send(page);
	await page.waitForURL((u) => !u.pathname.endsWith("/contact"));
	is("contact: told that it left", await page.locator(".notice-ok").count(), 1);
	is("contact: still no address", (await page.content()).includes("roya.example"), false);
	const m = await mails.mail("bonjour@roya.example");
	is("contact: from the site, not from the writer", m.from, "site@example.org");
	is("contact: an answer goes to the writer", m.headers["reply-to"], "<samir@example.org>");
	is("contact: the words", m.text.includes("quand ouvrez-vous ?") && m.text.includes("Samir"));
	is("contact: the writer's address is not in the text", m.text.includes("samir@example.org"), false);
	await page.context().close();
}

/* Those who have the mail of its domain keep the page: by one link, then by signing in. */
async function claim(web, s, mails, at) {
	const page = await open(web, s.at, phone);
	await page.goto(at);
	await page.locator("a[href$='/claim']").first().click();
	is("claim: axe", await axe(page), []);
	await page.locator("#proposer_mail").fill("nadia@roya.example");
	await send(page);
	await page.goto(link_in(await mails.mail("nadia@roya.example"), "/desk/claim/"));
	is("claim: axe of what the link opens", await axe(page), []);
	await page.locator("main form .btn-main").click();
	await page.waitForURL(/\/account\/sign-in/);
	await page.locator("#mail").fill("nadia@roya.example");
	await page.locator("main form .btn-main").first().click();
	const enter = await mails.mail("nadia@roya.example");
	await page.goto(link_in(enter, "/account/enter/"));
	await page.locator("main form .btn-main").click();
	await page.waitForURL(/\/edit$/);
	is("claim: edits at once, without saying who", await page.locator("#proposer_mail").count(), 0);
	is("claim: sees the hidden contact", await page.locator("[id='contacts.0.value']").inputValue(), "bonjour@roya.example");
	await page.goto(link_in(enter, "/account/enter/"));
	is("claim: the link serves once", (await page.locator("h1").count()) === 1 && !(await main(page)).includes("nadia@"));
	return page;
}

/* Two people open the same form; the second is shown what the first changed, and chooses. */
async function conflict(s, admin, editor, at) {
	await editor.goto(`${at}/edit`);
	await admin.goto(`${at}/edit`);
	await admin.locator("#summary").fill("Repas le mardi.");
	await send(admin);
	await admin.waitForURL((u) => !u.pathname.endsWith("/edit"));

	await editor.locator("#summary").fill("Repas et cours le mercredi.");
	await editor.locator("details.form-part > summary").first().click();
	await editor.locator("#acronym").fill("ROYA");
	await send(editor);
	await editor.locator(".versions").waitFor();
	is("conflict: only what both changed is asked", await editor.locator("fieldset.form-part").count(), 1);
	is("conflict: both texts are there", [(await main(editor)).includes("mardi"), (await main(editor)).includes("mercredi")], [true, true]);
	is("conflict: axe", await axe(editor), []);
	await editor.locator("input[value=mine]").check();
	await editor.locator("main form .btn-main").click();
	await editor.waitForURL((u) => !u.pathname.endsWith("/edit"));
	is("conflict: the choice stands, and the rest too", [(await main(editor)).includes("Repas et cours le mercredi."), (await main(editor)).includes("ROYA")], [true, true]);
	await editor.goto(`${at}/history`);
	is("conflict: both changes are in the history", (await editor.locator(".log > li").count()) >= 3);
}

/* The same actor twice: merged, the old address leads on; undone, both are there again. */
async function merge(web, s, admin, at) {
	const twin = await publish(admin, "Acceuil Roya", "autre@roya.example", true);
	await admin.goto(`${twin}/history`);
	await admin.locator("a[href*='/desk/merge']").first().click();
	is("merge: axe", await axe(admin), []);
	await admin.locator("button[value=merge]").click();
	await admin.waitForURL((u) => u.pathname !== "/fr/desk/merge");

	const page = await open(web, s.at, { ...phone, javaScriptEnabled: false });
	const kept = new URL(admin.url()).pathname;
	const gone = kept === at ? twin : at;
	await page.goto(gone);
	is("merge: the old address leads to the page that stays", new URL(page.url()).pathname, kept);
	const moved = await page.request.get(gone, { maxRedirects: 0 });
	is("merge: for good", moved.status(), 301);

	await admin.goto(`${kept}/history`);
	is("merge: axe of the history", await axe(admin), []);
	await admin.locator(".log form button").first().click();
	await admin.waitForLoadState();
	const back = await page.request.get(gone, { maxRedirects: 0 });
	is("merge: undone, the other page is there again", back.status(), 200);
	is("merge: and the first keeps its name", (await (await page.request.get(kept)).text()).includes("Accueil Roya"));
	await page.context().close();
}

/* Nearly a year later a mail asks; a year later the page is greyed and on the moderators' list. */
async function upkeep(web, s, admin, mails, at) {
	later(s, 340);
	const m = await mails.mail("bonjour@roya.example");
	const [right, changed, closed] = ["right", "changed", "closed"].map((say) => link_in(m, `say=${say}`));
	is("upkeep: three links", [right, changed, closed].every(Boolean));
	const page = await open(web, s.at, { ...phone, javaScriptEnabled: false });
	await page.goto(changed);
	is("upkeep: what changed leads to the form", await page.locator("main a[href$='/edit']").count() > 0);
	await page.goto(closed);
	await page.locator("button[value=closed]").click();
	is("upkeep: closed, and it says so", await page.locator(".notice-old").count(), 1);
	await page.goto(right);
	await page.locator("button[value=right]").click();
	is("upkeep: closed by mistake, open again", await page.locator(".notice-old").count(), 0);
	await page.goto(right.replace(/still\/./, "still/x"));
	is("upkeep: a link that is not ours opens nothing", await page.locator("button[value=right]").count(), 0);

	later(s, 400);
	await mails.mail("bonjour@roya.example");
	await admin.goto(at);
	is("upkeep: greyed after a year", await admin.locator(".notice-old").count(), 1);
	await admin.goto("/fr/desk/upkeep?territory=Voiron+(38563)");
	is("upkeep: axe of the list", await axe(admin), []);
	is("upkeep: on the list", (await main(admin)).includes("Accueil Roya"));
	await admin.locator("tr", { hasText: "Accueil Roya" }).locator("input[type=checkbox]").check();
	await admin.locator("button[value=right]").click();
	await admin.waitForLoadState();
	await admin.goto(at);
	is("upkeep: confirmed by a moderator", await admin.locator(".notice-old").count(), 0);
	await page.context().close();
}

/* From the Arabic page, which shows French, to a page that reads Arabic, texts inside groups too. */
async function translate(web, s, admin, at) {
	await admin.goto(`${at}/edit`);
	await admin.locator("details.form-part > summary", { hasText: "Ce qu’il propose" }).click();
	await admin.locator("#services .repeat > button").click();
	await admin.locator("#services select").first().selectOption("food");
	await admin.locator("#services input[name$='.conditions']").first().fill("Sans inscription");
	await send(admin);
	await admin.waitForURL((u) => !u.pathname.endsWith("/edit"));

	const arabic = at.replace(/^\/fr/, "/ar");
	const page = await open(web, s.at, phone);
	await page.goto(arabic);
	is("translate: the text inside the group says its language", await page.locator("span[lang=fr]", { hasText: "Sans inscription" }).count(), 1);
	await page.locator("a[href*='translate=ar']").first().click();
	is("translate: the original stands beside", (await main(page)).includes("Sans inscription"));
	is("translate: axe", await axe(page), []);
	await page.locator("[name='translations.ar.summary']").fill("وجبات ودروس.");
	await page.locator("[name$='.conditions']").fill("دون تسجيل");
	await send(page);
	await page.waitForURL((u) => !u.search.includes("translate") && !u.pathname.endsWith("/edit"));
	is("translate: thanked for", await page.locator(".notice-ok").count(), 1);

	await admin.goto("/fr/desk");
	await admin.getByRole("link", { name: "Accueil Roya" }).first().click();
	is("translate: axe of the difference", await axe(admin), []);
	await admin.locator("button[value=accept]").click();
	await admin.waitForURL(/\/fr\/desk$/);
	await page.goto(arabic);
	is("translate: the page reads Arabic", [(await main(page)).includes("دون تسجيل"), (await main(page)).includes("Sans inscription")], [true, false]);
	is("translate: console", page.problems, []);
	await page.context().close();
}

export async function care(web, s) {
	const mails = await smtp();
	const admin = await open(web, s.at);
	let at = "";
	let editor = null;
	await step("mail server", () => set_up(admin, s, mails));
	await step("publish", async () => {
		at = await publish(admin, "Accueil Roya", "bonjour@roya.example");
	});
	await step("report", () => report(web, s, admin, mails, at));
	await step("contact", () => contact(web, s, mails, at));
	await step("claim", async () => {
		editor = await claim(web, s, mails, at);
	});
	await step("conflict", () => conflict(s, admin, editor, at));
	await step("merge", () => merge(web, s, admin, at));
	await step("translate", () => translate(web, s, admin, at));
	await step("upkeep", () => upkeep(web, s, admin, mails, at));
	mails.stop();
}
