/*
 * Bad days of the whole program: killed while people post, a disk that is full, a database that somebody else locks. Each time
 * what was acknowledged is there, the answer is an honest 503, and all goes on by itself afterwards. Ends with "N passed, M failed".
 */
import fs from "node:fs";
import path from "node:path";
import { spawn, spawnSync } from "node:child_process";
import { clean, count, is, run, site, step, tmp } from "../browser/lib.mjs";

/* A form token, as any visitor gets one. */
async function token(s) {
	const text = await (await fetch(`${s.at}/fr/directory/propose`)).text();
	return text.match(/name="_csrf" value="([^"]+)"/)[1];
}

async function propose(s, csrf, name) {
	const form = new URLSearchParams({ _csrf: csrf, name, kind: "collective", territory: "38185", proposer_mail: "amina@example.org" });
	const got = await fetch(`${s.at}/fr/directory/propose`, { method: "POST", body: form, redirect: "manual" });
	await got.arrayBuffer();
	return got.status;
}

/* What a statement says of the database, read by another program than ours. */
function sql(data, statement) {
	const done = spawnSync("python3", ["-c", "import sqlite3,sys\nfor r in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print(r[0])",
		path.join(data, "maillage.db"), statement], { encoding: "utf8" });
	if (done.status !== 0) throw new Error(done.stderr);
	return done.stdout.split("\n").filter(Boolean);
}

const soon = async (holds) => {
	for (let i = 0; i < 200; i++) {
		if (await holds()) return true;
		await new Promise((r) => setTimeout(r, 50));
	}
	return false;
};

/* The cord is pulled while many propose at once. */
async function killed() {
	let s = await site({ demo: false });
	const acknowledged = [];
	for (let round = 0; round < 3; round++) {
		const csrf = await token(s);
		let answered = 0;
		const sent = Array.from({ length: 28 }, (_, i) => `Tour ${round} numéro ${i} ${"abcdefghijklmnopqrstuvwxyz".slice(i % 20)}`);
		await Promise.all(sent.map(async (name) => {
			try {
				if (await propose(s, csrf, name) === 303) {
					acknowledged.push(name);
					if (++answered === 6 + round * 5) process.kill(s.pid, "SIGKILL");
				}
			} catch {
				/* cut off: not acknowledged */
			}
		}));
		await s.stop("SIGKILL");
		const checked = run("check", "--data", s.data);
		is(`killed, round ${round}: the data is sound`, checked.status, 0);
		s = await site({ data: s.data });
	}
	const there = new Set(sql(s.data, "SELECT title FROM object"));
	is(`killed: all ${acknowledged.length} acknowledged proposals are there`, acknowledged.filter((n) => !there.has(n)), []);
	is("killed: some were acknowledged", acknowledged.length >= 18);
	is("killed: each has its proposal, its history and its mail", [
		"SELECT o.title FROM object AS o WHERE NOT EXISTS (SELECT 1 FROM proposal AS p WHERE p.object = o.id)",
		"SELECT o.title FROM object AS o WHERE NOT EXISTS (SELECT 1 FROM revision AS v WHERE v.object = o.id)",
		"SELECT count(*) - (SELECT count(*) FROM object) FROM mail",
	].map((q) => sql(s.data, q)), [[], [], ["0"]]);
	is("killed: and it serves", await propose(s, await token(s), "Après la panne"), 303);
	await s.stop();
}

/* A small disk, filled by something else. */
async function full_disk() {
	const disk = path.join(tmp, "disk");
	fs.mkdirSync(disk);
	if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=24m", "none", disk]).status !== 0) {
		count.skipped++;
		return;
	}
	try {
		const data = path.join(disk, "data");
		is("a disk's data", run("demo", "--data", data).status, 0);
		const s = await site({ data });
		const csrf = await token(s);
		is("before: taken", await propose(s, csrf, "Avant"), 303);
		const fill = fs.openSync(path.join(disk, "fill"), "w");
		for (let size = 1 << 20; size >= 1; size = size > 1 ? size >> 2 : 0) {
			try {
				for (;;) if (fs.writeSync(fill, Buffer.alloc(size)) < size) break;
			} catch (e) {
				if (e.code !== "ENOSPC") throw e;
			}
		}
		fs.closeSync(fill);
		const statuses = [];
		for (let i = 0; i < 6; i++) statuses.push(await propose(s, csrf, `Pendant ${i} ${"x".repeat(150)}`));
		is(`full: an honest 503 (${statuses})`, statuses.at(-1), 503);
		is("full: nothing else than taken or 503", statuses.filter((c) => c !== 303 && c !== 503), []);
		is("full: pages are still read", (await fetch(`${s.at}/fr/directory?q=ville`)).status, 200);
		fs.rmSync(path.join(disk, "fill"));
		is("room again: it goes on by itself", await soon(async () => await propose(s, csrf, "Après") === 303));
		await s.stop();
		is("room again: the data is sound", run("check", "--data", data).status, 0);
		const there = sql(data, "SELECT title FROM object WHERE title LIKE 'Pendant %'").length;
		is("what was refused is not there, what was taken is", there, statuses.filter((c) => c === 303).length);
	} finally {
		spawnSync("umount", ["-l", disk]);
	}
}

/* Another program holds the database's lock longer than we wait. */
async function locked() {
	const s = await site();
	const csrf = await token(s);
	const holder = spawn("python3", ["-u", "-c", "import sqlite3,sys\nc=sqlite3.connect(sys.argv[1],isolation_level=None)\nc.execute('BEGIN IMMEDIATE')\nprint('held')\nsys.stdin.read()",
		path.join(s.data, "maillage.db")], { stdio: ["pipe", "pipe", "inherit"] });
	await new Promise((r) => holder.stdout.once("data", r));
	const [posted, read] = await Promise.all([propose(s, csrf, "Verrouillé"), fetch(`${s.at}/fr/practices?q=bus`).then((r) => r.status)]);
	is("locked: an honest 503", posted, 503);
	is("locked: pages are still read", read, 200);
	holder.stdin.end();
	await new Promise((r) => holder.on("exit", r));
	is("unlocked: it goes on", await propose(s, csrf, "Déverrouillé"), 303);
	is("locked: nothing by halves", sql(s.data, "SELECT title FROM object WHERE title IN ('Verrouillé', 'Déverrouillé')"), ["Déverrouillé"]);
	await s.stop();
}

for (const part of [killed, full_disk, locked]) await step(part.name, part);
clean();
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed ? 1 : 0;
