/*
 * Exchange with the world around: live sources read from a server that changes, fails and lies; the points of communes from one that does so too;
 * the page of imports from the file to the undoing; files in forms; our map in a page of another site. Ends with "N passed, M failed".
 */
import { File } from "node:buffer"; /* Node 18 has it there only */
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import zlib from "node:zlib";
import { spawnSync } from "node:child_process";
import { axe, become_admin, browser, clean, count, is, open, run, site, step, tmp } from "../browser/lib.mjs";

/* A server whose next answer the test decides; it remembers what it was asked. */
async function elsewhere() {
	const self = { asked: [], answer: () => [404, {}, ""] };
	const server = http.createServer((rq, rs) => {
		self.asked.push({ url: rq.url, headers: rq.headers });
		const [status, headers, body] = self.answer(rq);
		rs.writeHead(status, headers);
		rs.end(body);
	});
	await new Promise((r) => server.listen(0, "127.0.0.1", r));
	self.at = `http://127.0.0.1:${server.address().port}`;
	self.close = () => new Promise((r) => {
		server.closeAllConnections?.();
		server.close(r);
	});
	return self;
}

/* A statement run by another program than ours; rows as arrays. */
function sql(data, statement) {
	const done = spawnSync("/usr/bin/python3", ["-c", "import sqlite3,sys,json\nc=sqlite3.connect(sys.argv[1],timeout=20)\nprint(json.dumps(c.execute(sys.argv[2]).fetchall()))\nc.commit()",
		path.join(data, "maillage.db"), statement], { encoding: "utf8" });
	if (done.status !== 0) throw new Error(done.stderr);
	return JSON.parse(done.stdout);
}

const until = async (holds) => {
	for (let i = 0; i < 300; i++) {
		if (await holds()) return true;
		await new Promise((r) => setTimeout(r, 50));
	}
	return false;
};

/* The program, run to its end while our own server goes on answering it. */
function run_beside(...args) {
	return new Promise((resolve) => {
		import("node:child_process").then(({ spawn }) => {
			const child = spawn(process.env.PROGRAM ?? path.resolve(process.env.BUILD ?? "build", "maillage"), args);
			let err = "";
			child.stderr.on("data", (d) => (err += d));
			child.stdout.resume();
			child.on("exit", (status) => resolve({ status, err }));
		});
	});
}

/* ---- live sources ---------------------------------------------------------------------------------------------------- */

const list = (rows) => JSON.stringify({ type: "FeatureCollection", features: rows.map(([id, name, more]) => ({ type: "Feature", id,
	geometry: { type: "Point", coordinates: [5.02, 44.73] }, properties: { name, ...more } })) });

async function live_source() {
	const data = fs.mkdtempSync(path.join(tmp, "live-"));
	const there = await elsewhere();
	run("migrate", "--data", data);
	run("job", "run", "--data", data);
	sql(data, `INSERT INTO source (name, url, kind, options, trusted, every_hours, misses_max, account, created_at, next_at)
		VALUES ('Ailleurs', '${there.at}/liste', 'actors', '{}', 1, 24, 2, 0, 1, 1)`);
	const read = async (...args) => {
		sql(data, "UPDATE source SET next_at = 1");
		sql(data, "UPDATE job SET due_at = 1, failed = 0, attempts = 0 WHERE kind = 'sources'");
		there.asked = [];
		const done = await run_beside("job", "run", "--data", data, "--base-url", "https://ici.example", ...args);
		return done.status;
	};
	const names = () => sql(data, "SELECT title, status FROM object ORDER BY title").map(([t, s]) => `${t} ${s}`);
	const state = () => sql(data, "SELECT error, etag FROM source")[0];
	const allow = ["--allow-fetch", "127.0.0.1"];

	there.answer = () => [200, { etag: '"a"' }, list([["1", "Un toit"], ["2", "Deux mains"]])];
	is("closed to this machine: the job ends well", await read(), 0);
	is("closed to this machine: nothing is asked, and it says why", [there.asked.length, state()[0]], [0, "this address is on this machine or in a private network"]);
	is("opened: read", await read(...allow), 0);
	is("opened: all are there", names(), ["Deux mains 2", "Un toit 2"]);
	is("opened: the error is gone, the mark is kept", state(), [null, '"a"']);
	is("due again only after its hours", sql(data, "SELECT next_at > fetched_at + 23 * 3600000 FROM source")[0][0], 1);

	there.answer = (rq) => (rq.headers["if-none-match"] === '"a"' ? [304, {}, ""] : [500, {}, "?"]);
	await read(...allow);
	is("unchanged there: 304, and nothing is done here", [state(), names().length], [[null, '"a"'], 2]);

	there.answer = () => [200, { etag: '"b"' }, zlib.gzipSync(list([["1", "Un toit", { description: "Chez nous" }], ["3", "Trois pas"]]))];
	await read(...allow);
	is("changed there, and packed: changed here; who is absent once stays", names(), ["Deux mains 2", "Trois pas 2", "Un toit 2"]);
	is("changed there: the text came", sql(data, "SELECT doc FROM object WHERE title = 'Un toit'")[0][0].includes("Chez nous"), true);

	for (const [what, answer, error] of [
		["down", () => [503, {}, "?"], "the server answered 503"],
		["a page instead of the list", () => [200, {}, "<!doctype html><p>Bonjour"], /page web/],
		["cut in the middle", () => [200, {}, list([["1", "Un toit"]]).slice(0, 60)], /s’arrête/],
		["noise", () => [200, {}, Buffer.from([0, 255, 254, 0, 1, 2, 3])], /./],
		["empty", () => [200, {}, ""], /./],
		["announced as huge", () => [200, { "content-length": String(1 << 30) }, "x"], "the file is too large"],
		["broken archive", () => [200, {}, Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3])], "the archive is broken"],
		["sent on to a file", () => [302, { location: "file:///etc/passwd" }, ""], /./],
		["sent on for ever", () => [302, { location: `${there.at}/liste` }, ""], /redirect/i],
		["sent on to where machines keep secrets", () => [302, { location: "http://169.254.169.254/latest" }, ""], "this address is on this machine or in a private network"],
	]) {
		there.answer = answer;
		is(`${what}: the job goes on`, await read(...allow), 0);
		const said = state()[0] ?? "";
		is(`${what}: told`, typeof error === "string" ? said : error.test(said) || said, typeof error === "string" ? error : true);
		is(`${what}: everybody is still here`, names(), ["Deux mains 2", "Trois pas 2", "Un toit 2"]);
	}

	there.answer = () => [200, {}, list([["1", "Un toit", { description: "Chez nous" }], ["3", "Trois pas"]])];
	await read(...allow);
	is("absent again: archived", names(), ["Deux mains 4", "Trois pas 2", "Un toit 2"]);
	there.answer = () => [200, {}, list([["1", "Un toit", { description: "Chez nous" }], ["2", "Deux mains"], ["3", "Trois pas"]])];
	await read(...allow);
	is("back there: back here", names(), ["Deux mains 2", "Trois pas 2", "Un toit 2"]);

	sql(data, "UPDATE source SET trusted = 0");
	there.answer = () => [200, {}, list([["1", "Un toit", { description: "Autre chose" }], ["2", "Deux mains"], ["3", "Trois pas"], ["4", "Quatre vents"]])];
	await read(...allow);
	is("not trusted: what is new waits, what changed is proposed", [names(), sql(data, "SELECT doc FROM object WHERE title = 'Un toit'")[0][0].includes("Autre chose")],
		[["Deux mains 2", "Quatre vents 1", "Trois pas 2", "Un toit 2"], false]);
	const waiting = sql(data, "SELECT count(*) FROM proposal WHERE state = 0")[0][0];
	await read(...allow);
	is("not trusted: asked once, not each time", sql(data, "SELECT count(*) FROM proposal WHERE state = 0")[0][0], waiting);
	is("the data is sound", run("check", "--data", data).status, 0);
	await there.close();
}

/* ---- points of communes ---------------------------------------------------------------------------------------------- */

const communes = JSON.stringify({ type: "FeatureCollection", features: [["26108", 5.0213, 44.7291], ["26113", 5.3721, 44.7537], ["99999", 5, 44]].map(([code, lon, lat]) => ({
	type: "Feature", properties: { code, nom: "x" }, geometry: { type: "Point", coordinates: [lon, lat] } })) });

async function points_of_communes(web) {
	const there = await elsewhere();
	const s = await site({ demo: false, args: ["--allow-fetch", "127.0.0.0/8"] });
	const page = await open(web, s.at);
	const points = () => sql(s.data, "SELECT code FROM territory_point ORDER BY code").flat();
	const fetch_from = async (where) => {
		await page.goto("/fr/admin/territories");
		await page.locator("#url").fill(where);
		await page.locator("main form button.btn-main").click();
		await page.waitForURL(/\/admin\/import\/run\//);
		return Number(page.url().match(/\d+$/)[0]);
	};
	const ended = (id) => until(() => sql(s.data, `SELECT state FROM import_run WHERE id = ${id}`)[0][0] > 0);

	await become_admin(page, s);
	await page.goto("/fr/admin/territories");
	is("points: axe", await axe(page), []);
	for (const [what, body, lat] of [["plain", communes, 44.7537], ["packed", zlib.gzipSync(communes.replaceAll("44.7537", "44.7547").replaceAll("44.7291", "44.7301")), 44.7547]]) {
		sql(s.data, "DELETE FROM territory_point");
		there.answer = () => [200, { "content-type": "application/octet-stream" }, body];
		const id = await fetch_from(`${there.at}/communes`);
		is(`points, ${what}: ends`, await ended(id), true);
		is(`points, ${what}: brought in`, points(), ["26108", "26113"]);
		is(`points, ${what}: laid over the atlas at once`, JSON.parse(await (await fetch(`${s.at}/api/v1/territories/26113?${what}`)).text()).geo.lat, lat);
		await page.reload();
		is(`points, ${what}: read, rejected`, (await page.locator("main dl dd").allTextContents()).map((x) => x.trim()).filter((_, i) => i === 0 || i === 4), ["3", "1"]);
	}
	/* Three tries, then the reason. */
	let tries = 0;
	there.answer = () => [++tries && 502, {}, ""];
	const id = await fetch_from(`${there.at}/communes`);
	await until(() => {
		sql(s.data, "UPDATE job SET due_at = 1 WHERE kind = 'territory-points' AND failed = 0 AND due_at > 0 AND attempts > 0 AND error IS NOT NULL");
		return sql(s.data, `SELECT state FROM import_run WHERE id = ${id}`)[0][0] > 0;
	});
	is("points: tried three times", tries, 3);
	await page.reload();
	is("points: the page says why", (await page.locator("main").textContent()).includes("the server answered 502"), true);
	is("points: those of before stay", points(), ["26108", "26113"]);
	await page.goto("/fr/admin/territories");
	is("points: the page tells of it", (await page.locator("main").textContent()).includes("La dernière tentative n’a pas abouti"), true);
	await page.locator("#url").fill("ftp://example.org/x");
	await page.locator("main form button.btn-main").click();
	is("points: no other kind of address", await page.locator("main .error-summary").count(), 1);
	await page.context().close();
	await s.stop();
	await there.close();
}

/* What the atlas says of where communes lie against the official points, before and after these are brought in. */
async function exact_points() {
	const file = "../shared/data/territories-fr/communes-points.csv";
	if (!fs.existsSync(file)) {
		count.skipped++;
		return;
	}
	const data = fs.mkdtempSync(path.join(tmp, "points-"));
	const [head, ...rows] = fs.readFileSync(file, "utf8").trim().split(/\r?\n/).map((l) => l.split(","));
	const at = (name) => head.findIndex((h) => h.trim().toLowerCase().startsWith(name));
	const official = new Map(rows.filter((r) => r[at("lat")] !== "").map((r) => [r[at("code")], [Number(r[at("lat")]), Number(r[at("lon")])]]));
	const km = ([a, b], [c, d]) => {
		const rad = Math.PI / 180;
		const x = Math.sin((c - a) * rad / 2) ** 2 + Math.cos(a * rad) * Math.cos(c * rad) * Math.sin((d - b) * rad / 2) ** 2;
		return 12742 * Math.asin(Math.min(1, Math.sqrt(x)));
	};
	const measure = async () => {
		const s = await site({ data });
		let after = "";
		let sum = 0, n = 0, worst = 0;
		do {
			const got = await (await fetch(`${s.at}/api/v1/territories?level=commune&limit=500${after ? `&after=${after}` : ""}`)).json();
			for (const c of got.data) {
				const there = official.get(c.id);
				if (!there || !c.geo) continue;
				const d = km(there, [c.geo.lat, c.geo.lon]);
				sum += d;
				n++;
				worst = Math.max(worst, d);
			}
			after = got.next;
		} while (after);
		await s.stop();
		return { mean: sum / n, n, worst };
	};
	run("migrate", "--data", data);
	const before = await measure();
	const said = JSON.parse(run("import", "territories", file, "--json", "--data", data).out);
	const after = await measure();
	if (process.env.TIMES) console.log("mean, worst km before:", before, "after:", after, said.read, said.rejected);
	is("official points: measured on nearly all communes", before.n > 34000, true);
	is("official points: some kilometres off before", before.mean > 0.1 && before.mean < 5, true);
	is("official points: exact after", [after.mean < 0.01, after.worst < 0.1], [true, true]);
	const again = JSON.parse(run("import", "territories", file, "--json", "--data", data).out);
	is("official points: a second time changes nothing", [again.created, again.updated], [0, 0]);
}

/* ---- the page of imports --------------------------------------------------------------------------------------------- */

const csv = "Nom du lieu;Endroit;Code;Mot\nAtelier du midi;Crest;26400;vélo\nAtelier du soir;Die;26150;=1+1\nSans lieu;;;\n";

async function import_page(web) {
	const s = await site({ demo: false });
	const page = await open(web, s.at);
	const file = path.join(tmp, "lieux.csv");
	const figures = async () => (await page.locator("main dl dd").allTextContents()).map((x) => x.trim());
	const send = async (name, bytes) => {
		await page.goto("/fr/admin/import");
		await page.locator("#file").setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) });
		await page.locator("main form button.btn-main").click();
		await page.waitForURL(/\/admin\/import\/file\//);
	};

	await become_admin(page, s);
	fs.writeFileSync(file, csv);
	await send("lieux.csv", csv);
	/* Columns of no name that we know are given their fields by hand; then tried again. */
	for (const [column, field] of [["Nom du lieu", "name"], ["Endroit", "places.town"], ["Code", "places.postal_code"], ["Mot", "causes"]]) {
		await page.getByLabel(`Champ pour ${column}`).selectOption(field);
	}
	await page.locator('button[value="try"], button[value="look"], button[name="act"]:not([value="go"]):not([value="cancel"])').first().click();
	await page.waitForLoadState();
	is("import: the dry run tells what would happen", (await figures()).slice(0, 4), ["2", "0", "0", "1"]);
	is("import: nothing is written yet", sql(s.data, "SELECT count(*) FROM object")[0][0], 0);
	is("import: the reason, by line", /4[\s\S]*nécessaire/.test(await page.locator("main").textContent()), true);
	await page.locator('button[value="go"]').click();
	await page.waitForURL(/\/admin\/import\/run\//);
	is("import: ends", await until(async () => sql(s.data, "SELECT state FROM import_run")[0][0] === 1), true);
	await page.reload();
	is("import: done", await figures(), ["3", "2", "0", "0", "1"]);
	const [download] = await Promise.all([page.waitForEvent("download"), page.locator('a[href$="/report"]').click()]);
	const report = fs.readFileSync(await download.path(), "utf8");
	is("import: the report is a table", [report.charCodeAt(0), report.trim().split("\r\n").length, /^4,[^,]+,territory,/m.test(report)], [0xfeff, 2, true]);
	is("import: they are there", (await (await fetch(`${s.at}/api/v1/actors.csv`)).text()).includes("Atelier du midi"), true);
	await page.locator("main form button.btn-bad").click();
	is("import: taken back", await until(() => sql(s.data, "SELECT state FROM import_run")[0][0] === 3), true);
	is("import: nobody sees them any more", JSON.parse(await (await fetch(`${s.at}/api/v1/actors`)).text()).total, 0);
	await page.reload();
	is("import: cannot be taken back twice", await page.locator("main form button.btn-bad").count(), 0);
	is("import: axe of what was taken back", await axe(page), []);

	/* Categories that are numbers get their names back. */
	await page.goto("/fr/admin/import");
	await page.locator("#file").setInputFiles("tests/import/gogocarto.json");
	await page.locator("details summary", { hasText: "GoGoCarto" }).click();
	await page.locator("#taxonomy").setInputFiles("tests/import/taxonomy.json");
	await page.locator("main form button.btn-main").click();
	await page.waitForURL(/\/admin\/import\/file\//);
	await page.locator('button[value="go"]').click();
	await page.waitForURL(/\/admin\/import\/run\//);
	await until(() => sql(s.data, "SELECT count(*) FROM import_run WHERE state = 0")[0][0] === 0);
	is("import: categories by their names", JSON.parse(await (await fetch(`${s.at}/api/v1/actors/table-du-jeudi`)).text()).causes, ["Toits", "Chez l’habitant"]);
	is("import: what was sent is gone from the disk", fs.readdirSync(path.join(s.data, "import")), []);

	/* What people send by mistake, or to harm. */
	for (const [name, bytes, said] of [
		["tableau.xlsx", "PK\u0003\u0004rest", "enregistrez la feuille en CSV"],
		["page.html", "<!doctype html><html><body>x", "page web"],
		["rien.csv", " \n", "vide"],
		["coupe.json", '{"data":[{"name":"Un"},', "s’arrête"],
		["demi.csv", Buffer.concat([Buffer.from("nom;ville\nÉt"), Buffer.from([0xc3]), Buffer.from(";Crest\n")]), "Crest"],
		["balises.csv", "nom;ville;code postal\n<script>alert(1)</script>;Crest;26400\n", "<script>alert(1)</script>"],
		["large.csv", `${"c;".repeat(2000)}\n`, "trop"],
	]) {
		await send(name, bytes);
		is(`import of ${name}: understood, or told why not`, (await page.locator("main").textContent()).includes(said) || (await page.locator("main").textContent()).slice(0, 400), true);
	}
	is("import: nothing of all that went wrong in the browser", page.problems, []);
	is("import: the data is sound", run("check", "--data", s.data).status, 0);
	await page.context().close();
	await s.stop();
}

/* ---- files in forms -------------------------------------------------------------------------------------------------- */

/* A JPEG of 2 by 2 pixels with a place in its metadata, made by Debian's tools for pictures. */
function photo() {
	const file = path.join(tmp, "photo.jpg");
	const done = spawnSync("/usr/bin/python3", ["-c", `
import struct,zlib,sys
def chunk(t,d): return struct.pack('>I',len(d))+t+d+struct.pack('>I',zlib.crc32(t+d))
rows=b''.join(b'\\0'+b'\\xc0\\x60\\x30'*64 for _ in range(64))
png=b'\\x89PNG\\r\\n\\x1a\\n'+chunk(b'IHDR',struct.pack('>IIBBBBB',64,64,8,2,0,0,0))+chunk(b'tEXt',b'Comment\\0SECRET-PLACE 44.7 5.0')+chunk(b'IDAT',zlib.compress(rows))+chunk(b'IEND',b'')
open(sys.argv[1],'wb').write(png)`, file.replace(".jpg", ".png")], { encoding: "utf8" });
	if (done.status !== 0) throw new Error(done.stderr);
	return fs.readFileSync(file.replace(".jpg", ".png"));
}

const pdf = Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");

async function files_in_forms(web) {
	const s = await site({ demo: false });
	const page = await open(web, s.at);
	const post = async (where, fields, files) => {
		const cookies = (await page.context().cookies()).map((c) => `${c.name}=${c.value}`).join("; ");
		const text = await (await fetch(`${s.at}${where}`, { headers: { cookie: cookies } })).text();
		const form = new FormData();
		for (const m of text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)) form.set(m[1], m[2].replaceAll("&amp;", "&"));
		for (const [k, v] of Object.entries(fields)) form.set(k, v);
		for (const [k, [name, bytes]] of Object.entries(files)) form.set(k, new File([bytes], name));
		const got = await fetch(`${s.at}${where}`, { method: "POST", body: form, headers: { cookie: cookies }, redirect: "manual" });
		return { status: got.status, text: await got.text(), location: got.headers.get("location") };
	};

	await become_admin(page, s);
	const resource = { title: "Un guide", kind: "guide", summary: "Pour bien faire" };
	let got = await post("/fr/library/propose", resource, { file_upload: ["guide.pdf", pdf] });
	is("a PDF: kept", got.status, 303);
	const name = sql(s.data, "SELECT doc FROM object WHERE title = 'Un guide'").map(([d]) => JSON.parse(d).file)[0];
	is("a PDF: under its own hash", /^[0-9a-z-]+\.pdf$/.test(name), true);
	const cookies = (await page.context().cookies()).map((c) => `${c.name}=${c.value}`).join("; ");
	let served = await fetch(`${s.at}/media/${name}`, { headers: { cookie: cookies } });
	is("a PDF: as it was, and safe", [Buffer.from(await served.arrayBuffer()).equals(pdf), served.headers.get("content-type"), served.headers.get("content-disposition").startsWith("attachment"),
		served.headers.get("x-content-type-options"), served.headers.get("content-security-policy")],
	[true, "application/pdf", true, "nosniff", "default-src 'none'; sandbox"]);

	const actor = { name: "Maison aux images", kind: "collective", territory: "26108", summary: "Un long texte que personne ne veut retaper" };
	got = await post("/fr/directory/propose", { ...actor, "pictures.0.alt": "Une porte" }, { "pictures.0.file_upload": ["porte.png", photo()] });
	is("a picture: kept", got.status, 303);
	const picture = sql(s.data, "SELECT doc FROM object WHERE title = 'Maison aux images'").map(([d]) => JSON.parse(d).pictures[0].file)[0];
	is("a picture: written anew", /-64x64\.webp$/.test(picture ?? ""), true);
	served = await fetch(`${s.at}/media/${picture}`, { headers: { cookie: cookies } });
	const bytes = Buffer.from(await served.arrayBuffer());
	is("a picture: as WebP, without what it hid", [served.headers.get("content-type"), bytes.includes("SECRET-PLACE"), served.headers.get("x-content-type-options"),
		served.headers.get("content-security-policy")], ["image/webp", false, "nosniff", "default-src 'none'; sandbox"]);

	for (const [what, file] of [
		["a program called a picture", ["photo.png", Buffer.from("MZ this is no picture")]],
		["a page called a picture", ["photo.png", Buffer.from("<html><script>alert(1)</script>")]],
		["a drawing that may run", ["dessin.svg", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')]],
		["half a picture", ["photo.png", photo().subarray(0, 60)]],
		["a document in the place of a picture", ["photo.png", pdf]],
	]) {
		const before = sql(s.data, "SELECT count(*) FROM object")[0][0];
		got = await post("/fr/directory/propose", { ...actor, name: `Essai ${what}`, "pictures.0.alt": "Une porte" }, { "pictures.0.file_upload": file });
		is(`${what}: refused at its field, nothing typed is lost`, [got.status, /id="pictures\.0\.file"[^>]*aria-invalid|pictures\.0\.file/.test(got.text),
			got.text.includes("Un long texte que personne ne veut retaper"), sql(s.data, "SELECT count(*) FROM object")[0][0]], [422, true, true, before]);
	}
	got = await post("/fr/library/propose", { ...resource, title: "Un énorme guide" }, { file_upload: ["guide.pdf", Buffer.concat([pdf, Buffer.alloc(26 * 1024 * 1024)])] });
	is("too large: refused, nothing typed is lost", [got.status, got.text.includes("Un énorme guide")], [422, true]);
	is("nothing of all that was kept", sql(s.data, "SELECT count(*) FROM object WHERE title LIKE 'Essai%' OR title LIKE 'Un énorme%'")[0][0], 0);
	is("files: the data is sound", run("check", "--data", s.data).status, 0);
	await page.context().close();
	await s.stop();
}

/* ---- our map in a page of another site ------------------------------------------------------------------------------- */

async function in_another_page(web) {
	const s = await site();
	const there = await elsewhere();
	const page = await open(web, there.at);
	const network = "anvita";
	const code = (await (await fetch(`${s.at}/fr/map?actor=${network}`)).text()).match(/&lt;iframe[\s\S]*?&lt;\/iframe&gt;/)[0]
		.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
	const members = JSON.parse(await (await fetch(`${s.at}/api/v1/actors?actor=${network}&limit=500`)).text());
	is("embed: the network has members", members.total > 1, true);
	is("embed: the code holds the filter", code.includes(`/embed/map?actor=${network}`), true);
	const bare = `<iframe id="bare" src="${s.at}/embed/map?actor=${network}&lang=ar" width="600" height="400"></iframe>`;
	const narrowed = `<iframe id="narrowed" src="${s.at}/embed/map?actor=${network}&kind=municipality" width="600" height="400"></iframe>`;
	const forbidden = `<iframe id="forbidden" src="${s.at}/fr/map"></iframe>`;
	there.answer = () => [200, { "content-type": "text/html; charset=utf-8" }, `<!doctype html><title>Ailleurs</title>${code}${bare}${narrowed}${forbidden}`];
	await page.goto(there.at);
	const copied = page.frameLocator("iframe").first();
	await copied.locator("[data-map]").waitFor();
	const shown = async (frame) => Number((await frame.locator(".embed-foot").textContent()).match(/\d+/)?.[0] ?? 0);
	const all = await shown(copied);
	is("embed: shows the members' places", all >= 1, true);
	is("embed: marks are there", await until(async () => (await copied.locator(".mark, .cluster, .map-mark, [data-map] a, [data-map] button").count()) > 0), true);
	const arabic = page.frameLocator("#bare");
	await arabic.locator("[data-map]").waitFor();
	is("embed: an address without a language, in Arabic", await arabic.locator("html").getAttribute("dir"), "rtl");
	const few = page.frameLocator("#narrowed");
	await few.locator("[data-map]").waitFor();
	is("embed: filtered further", (await shown(few)) < all, true);
	is("embed: pages are not framed", await page.frameLocator("#forbidden").locator("[data-map]").count(), 0);
	const map = JSON.parse(await (await fetch(`${s.at}/fr/map/data?actor=${network}&layers=actors`)).text());
	const placed = members.data.filter((m) => m.geo);
	is("embed: who is a member, and nobody else", map.total >= placed.length && map.total < 150, true);
	const answer = JSON.parse(await (await fetch(`${s.at}/oembed?url=${encodeURIComponent(`${s.at}/fr/map?actor=${network}`)}`)).text());
	is("oEmbed: the same frame", answer.html.includes(`/fr/embed/map?actor=${network}`), true);
	await page.context().close();
	await s.stop();
	await there.close();
}

const web = await browser();
for (const part of [live_source, points_of_communes, exact_points, import_page, files_in_forms, in_another_page]) {
	if (!process.argv[2] || part.name.includes(process.argv[2])) await step(part.name, () => part(web));
}
await web.close();
clean();
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed ? 1 : 0;
