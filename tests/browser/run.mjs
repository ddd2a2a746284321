/* The site in a browser: run.mjs [PART…]. Ends with "N passed, M failed". */
import { browser, clean, count, site, step } from "./lib.mjs";
import { admin } from "./admin.mjs";
import { care } from "./care.mjs";
import { journeys } from "./journeys.mjs";
import { checker, crawl, crawl_admin } from "./crawl.mjs";

const parts = {
	async crawl(web) {
		const s = await site();
		let seen = new Map();
		await step("crawl", async () => {
			seen = await crawl(web, s);
		});
		await step("administrator", () => crawl_admin(web, s, seen));
		await step("checker", () => checker(seen));
		await s.stop();
	},
	async admin(web) {
		const s = await site({ demo: false });
		await admin(web, s);
		await s.stop();
	},
	async care(web) {
		const s = await site({ demo: false });
		await care(web, s);
		await s.stop();
	},
	async journeys(web) {
		const [demo, fresh] = [await site(), await site({ demo: false })];
		await journeys(web, demo, fresh);
		await demo.stop();
		await fresh.stop();
	},
};

const web = await browser();
for (const name of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts)) {
	await step(name, () => parts[name](web));
}
await web.close();
clean();
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed ? 1 : 0;
