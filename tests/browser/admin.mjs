/* The administrator's rooms on a fresh site, in Arabic on a telephone: each form filled in as wrongly as can be. */
import { axe, become_admin, is, open, step } from "./lib.mjs";

const FORMS = ["setup", "settings/site", "settings/look", "settings/map", "blocks/home/edit", "blocks/pages/edit", "menu", "vocabularies/actor_kind",
	"themes/edit", "mail-server", "accounts", "sources", "territories"];
const wrong = `<script>alert(1)</script>${"é".repeat(400)}`;

/* Everything that can be typed, without what the browser would hold back. */
const spoil = (form, text) => {
	form.noValidate = true;
	for (const e of form.elements) {
		e.removeAttribute("maxlength");
		if (/^(text|search|email|url|number)$/.test(e.type) || e.tagName === "TEXTAREA") {
			e.type = e.tagName === "INPUT" ? "text" : undefined;
			e.value = text;
		}
	}
};

async function room(page, at) {
	await page.goto(`/ar/admin/${at}`);
	is(`${at}: axe`, await axe(page), []);
	const form = page.locator("main form").filter({ has: page.locator("input:not([type=hidden]), textarea") }).first();
	await form.evaluate(spoil, wrong);
	const answer = page.waitForResponse((r) => r.request().method() === "POST");
	await form.locator("button").first().click();
	is(`${at}: refused`, (await answer).status(), 422);
	await page.locator("main h1").waitFor();
	is(`${at}: says why`, await page.locator(".error-summary, .error-text").count() > 0);
	is(`${at}: fits the telephone`, await page.evaluate(() => document.documentElement.scrollWidth), 360);
	is(`${at}: axe of the mistakes`, await axe(page), []);
	is(`${at}: console`, page.problems.splice(0).filter((p) => !/status of 422/.test(p)), []);
}

/* One button holds everything new and closes sign-up; one opens again. */
async function raid(page) {
	await page.goto("/ar/admin");
	const button = page.locator("main form .btn-bad").first();
	await button.click();
	await page.locator("main .notice-ok, main [role=status]").first().waitFor();
	const closed = await page.context().browser().newContext({ baseURL: new URL(page.url()).origin });
	const visitor = await closed.newPage();
	const answer = await visitor.goto("/fr/directory/propose");
	is("raid: proposals without account are closed", answer.status(), 403);
	await page.goto("/ar/admin");
	is("raid: axe", await axe(page), []);
	await page.locator("main form:has([name=raid]) button, main form[action*='raid'] button").first().click();
	await page.waitForLoadState();
	is("raid: open again", (await visitor.goto("/fr/directory/propose")).status(), 200);
	await closed.close();
}

export async function admin(web, s) {
	const page = await open(web, s.at, { viewport: { width: 360, height: 780 } });
	await step("administrator", () => become_admin(page, s));
	for (const at of FORMS) await step(`admin ${at}`, () => room(page, at));
	await step("raid", () => raid(page));
	await page.context().close();
}
