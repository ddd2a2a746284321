/* Pictures of the site for people to look at: screenshots.mjs [DIR], "screenshots" by default. Phone and desk, French and Arabic. */
import fs from "node:fs";
import path from "node:path";
import { become_admin, browser, clean, open, site } from "./lib.mjs";

const dir = path.resolve(process.argv[2] ?? "screenshots");
const PUBLIC = {
	home: "/", directory: "/directory", "directory-grenoble": "/directory?territory=38", actor: "/directory/ville-de-grenoble", propose: "/directory/propose",
	practices: "/practices", library: "/library", map: "/map", areas: "/map/territories", territories: "/territories", commune: "/territories/38185",
	region: "/territories/84", country: "/territories/FR", search: "/search?q=logement", about: "/about", lost: "/no-such-page", "sign-in": "/account/sign-in",
};
const BEHIND = { admin: "/admin", desk: "/desk", mail: "/admin/mail", settings: "/admin/settings/look", import: "/admin/import", accounts: "/admin/accounts" };

fs.mkdirSync(dir, { recursive: true });
const web = await browser();
const s = await site();
const admin = await open(web, s.at);
await become_admin(admin, s);
const key = await admin.context().storageState();
let n = 0;
for (const lang of ["fr", "ar"]) {
	for (const width of [360, 1280]) {
		const viewport = { width, height: width === 360 ? 780 : 900 };
		for (const [pages, options] of [[PUBLIC, { viewport }], [BEHIND, { viewport, storageState: key }]]) {
			const page = await open(web, s.at, options);
			for (const [name, where] of Object.entries(pages)) {
				await page.goto(`/${lang}${where}`, { waitUntil: "networkidle" });
				await page.screenshot({ path: path.join(dir, `${name}.${lang}.${width}.png`), fullPage: true });
				n++;
			}
			await page.context().close();
		}
	}
}
await web.close();
await s.stop();
clean();
console.log(`${n} pictures in ${dir}`);
