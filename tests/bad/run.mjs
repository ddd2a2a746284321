/*
 * Bad days of the whole program, on both engines: killed while people post and while a file comes in, a disk that is full, a
 * database that somebody else locks or that is restarted under load. Each time what was acknowledged is there, the answer is an
 * honest 503, readers are served as long as they can be, and all goes on by itself afterwards. Ends with "N passed, M failed".
 */
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { spawn, spawnSync } from "node:child_process";
import { clean, count, is, program, site, step, tmp } from "../browser/lib.mjs";
import { command, engines, folder_of, key_of, pg, post, propose, soon, sqlite, status, stop_engines, token } from "./lib.mjs";

const start = (e, data) => site({ data, args: e.args(data) });

/* The cord is pulled while many propose at once. */
async function killed(e) {
	const data = folder_of(`killed-${e.name}`);
	let s = await start(e, data);
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
		is(`${e.name}, killed, round ${round}: the data is sound`, command(e, data, "check").status, 0);
		s = await start(e, data);
	}
	const there = new Set(e.sql(data, "SELECT title FROM object"));
	is(`${e.name}, killed: all ${acknowledged.length} acknowledged proposals are there`, acknowledged.filter((n) => !there.has(n)), []);
	is(`${e.name}, killed: some were acknowledged`, acknowledged.length >= 18);
	is(`${e.name}, killed: each has its proposal, its history and its mail`, [
		"SELECT o.title FROM object AS o WHERE NOT EXISTS (SELECT 1 FROM proposal AS p WHERE p.object = o.id)",
		"SELECT o.title FROM object AS o WHERE NOT EXISTS (SELECT 1 FROM revision AS v WHERE v.object = o.id)",
		"SELECT count(*) - (SELECT count(*) FROM object) FROM mail",
	].map((q) => e.sql(data, q)), [[], [], ["0"]]);
	is(`${e.name}, killed: and it serves`, await propose(s, await token(s), "Après la panne"), 303);
	await s.stop();
}

/* A file of many rows comes in; the program is killed when some are in, again and again, beside people who post. */
async function killed_import(e) {
	const data = folder_of(`import-${e.name}`);
	const file = path.join(tmp, `rows-${e.name}.csv`);
	const rows = 12000;
	const letters = "abcdefghijklmnopqrstuvwxyz";
	const word = (i) => letters[i % 26] + letters[(i / 26 | 0) % 26] + letters[(i / 676 | 0) % 26] + letters[i * 7 % 26];
	fs.writeFileSync(file, `id,name,type,territory\n${Array.from({ length: rows }, (_, i) => `${i},${word(i)} ${word(i * 31)} ${i},collective,38185`).join("\n")}\n`);
	const s = await start(e, data);
	const key = key_of(e, data);
	const acknowledged = [];
	let seen = 0;
	for (let round = 0; round < 3; round++) {
		const child = spawn(program, ["import", "actors", file, "--data", data, ...e.args(data)], { stdio: "ignore" });
		const ended = new Promise((r) => child.on("exit", r));
		const posts = (async () => {
			for (let i = 0; child.exitCode === null && child.signalCode === null; i++) {
				const name = `Pendant ${round} ${i}`;
				if (await post(s, key, name) === 201) acknowledged.push(name);
			}
		})();
		await soon(() => Number(e.sql(data, "SELECT count(*) FROM object")[0]) > seen + 1500 || child.exitCode !== null, 60000);
		child.kill("SIGKILL");
		await ended;
		await posts;
		seen = Number(e.sql(data, "SELECT count(*) FROM object")[0]);
	}
	is(`${e.name}, import killed: the data is sound`, command(e, data, "check").status, 0);
	is(`${e.name}, import killed: some rows were in`, seen > 1500);
	const there = new Set(e.sql(data, "SELECT title FROM object WHERE title LIKE 'Pendant %'"));
	is(`${e.name}, import killed: the ${acknowledged.length} posts beside it are there`, acknowledged.filter((n) => !there.has(n)), []);
	const told = JSON.parse(command(e, data, "import", "actors", file, "--json").out);
	is(`${e.name}, import killed: what was in is known, the rest comes`, [told.created + told.unchanged, told.rejected, told.unchanged > 0], [rows, 0, true]);
	const again = JSON.parse(command(e, data, "import", "actors", file, "--json").out);
	is(`${e.name}, import killed: nothing is there twice`, [again.created, again.updated, again.unchanged], [0, 0, rows]);
	is(`${e.name}, import killed: each row once`, e.sql(data, "SELECT count(*) FROM object WHERE title NOT LIKE 'Pendant %'"), [String(rows)]);
	await s.stop();
}

function fill(disk) {
	const f = fs.openSync(path.join(disk, "fill"), "w");
	for (let size = 1 << 20; size >= 1; size = size > 1 ? size >> 2 : 0) {
		try {
			for (;;) if (fs.writeSync(f, Buffer.alloc(size)) < size) break;
		} catch (error) {
			if (error.code !== "ENOSPC") throw error;
		}
	}
	fs.closeSync(f);
}

/* A small disk, filled by something else. */
async function full_disk(e) {
	const disk = path.join(e === pg ? pg.folder : tmp, "disk");
	fs.mkdirSync(disk);
	if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=48m", "none", disk]).status !== 0) {
		count.skipped++;
		return;
	}
	try {
		const data = e === pg ? folder_of("full") : path.join(disk, "data");
		if (e === pg) {
			const { uid, gid } = fs.statSync(pg.folder);
			fs.chownSync(disk, uid, gid);
			pg.psql(`CREATE TABLESPACE small LOCATION '${disk}'`);
			pg.url(data, "small");
		}
		is(`${e.name}, a disk's data`, command(e, data, "demo").status, 0);
		const s = await start(e, data);
		const csrf = await token(s);
		const key = key_of(e, data);
		is(`${e.name}, before: taken`, await propose(s, csrf, "Avant"), 303);
		fill(disk);
		const statuses = [];
		for (let i = 0; i < 400 && statuses.at(-1) !== 503; i++) {
			statuses.push(await post(s, key, `Pendant ${i} ${"x".repeat(150)}`));
		}
		is(`${e.name}, full: an honest 503`, statuses.at(-1), 503);
		is(`${e.name}, full: nothing else than taken or 503`, statuses.filter((c) => c !== 201 && c !== 503), []);
		is(`${e.name}, full: pages are still read`, await status(s, "/fr/directory?q=ville"), 200);
		fs.rmSync(path.join(disk, "fill"));
		is(`${e.name}, room again: it goes on by itself`, await soon(async () => await propose(s, csrf, "Après") === 303));
		await s.stop();
		is(`${e.name}, room again: the data is sound`, command(e, data, "check").status, 0);
		is(`${e.name}, what was refused is not there, what was taken is`, Number(e.sql(data, "SELECT count(*) FROM object WHERE title LIKE 'Pendant %'")[0]),
			statuses.filter((c) => c === 201).length);
	} finally {
		if (e === pg) stop_small();
		spawnSync("umount", ["-l", disk]);
	}
}

/* The small disk goes away with all that is on it. */
function stop_small() {
	for (const name of pg.psql("SELECT d.datname FROM pg_database AS d JOIN pg_tablespace AS t ON t.oid = d.dattablespace WHERE t.spcname = 'small'")) {
		pg.psql(`DROP DATABASE ${name} WITH (FORCE)`);
	}
	pg.psql("DROP TABLESPACE small");
}

/* Another program holds the lock longer than we wait: whoever posts is told so within five seconds, readers do not notice. */
async function locked() {
	const data = folder_of("locked");
	command(sqlite, data, "demo");
	const s = await start(sqlite, data);
	const csrf = await token(s);
	const holder = spawn("python3", ["-u", "-c", "import sqlite3,sys\nc=sqlite3.connect(sys.argv[1],isolation_level=None)\nc.execute('BEGIN IMMEDIATE')\nprint('held')\nsys.stdin.read()",
		path.join(s.data, "maillage.db")], { stdio: ["pipe", "pipe", "inherit"] });
	await new Promise((r) => holder.stdout.once("data", r));
	const began = Date.now();
	const posts = Array.from({ length: 12 }, (_, i) => propose(s, csrf, `Verrouillé ${i}`).then((code) => [code, Date.now() - began]));
	await new Promise((r) => setTimeout(r, 300)); /* all workers that may wait do so */
	const reads = [];
	for (let i = 0; i < 5; i++) {
		const at = Date.now();
		reads.push([await status(s, `/fr/practices?q=bus${i}`), Date.now() - at]);
	}
	const done = await Promise.all(posts);
	is("locked: an honest 503", [...new Set(done.map(([code]) => code))], [503]);
	is(`locked: within five seconds (${Math.max(...done.map(([, ms]) => ms))} ms)`, done.every(([, ms]) => ms < 5500));
	is("locked: pages are still read", reads.map(([code]) => code), [200, 200, 200, 200, 200]);
	is(`locked: and readers do not wait (${reads.map(([, ms]) => ms)} ms)`, reads.every(([, ms]) => ms < 2000));
	const form = new URLSearchParams({ _csrf: csrf, name: "Encore", kind: "collective", territory: "38185", proposer_mail: "amina@example.org" });
	const told = await fetch(`${s.at}/fr/directory/propose`, { method: "POST", body: form, redirect: "manual" });
	is("locked: when to come back", [told.status, Number(told.headers.get("retry-after")) > 0], [503, true]);
	holder.stdin.end();
	await new Promise((r) => holder.on("exit", r));
	is("unlocked: it goes on", await propose(s, csrf, "Déverrouillé"), 303);
	is("locked: nothing by halves", sqlite.sql(s.data, "SELECT title FROM object WHERE title LIKE 'Verrou%' OR title IN ('Encore', 'Déverrouillé')"), ["Déverrouillé"]);
	await s.stop();
}

/* The database's server is restarted while people read and post. */
async function restarted() {
	const data = folder_of("restarted");
	command(pg, data, "demo");
	const s = await start(pg, data);
	const key = key_of(pg, data);
	const taken = [], answers = new Set();
	let go = true;
	const writers = Array.from({ length: 4 }, async (_, w) => {
		for (let i = 0; go; i++) {
			const name = `Pendant ${w} ${i}`;
			const code = await post(s, key, name);
			answers.add(code);
			if (code === 201) taken.push(name);
		}
	});
	const readers = Array.from({ length: 4 }, async (_, r) => {
		for (let i = 0; go; i++) answers.add(await status(s, `/fr/directory?q=ville${r}${i % 7}`));
	});
	for (let i = 0; i < 3; i++) {
		await new Promise((r) => setTimeout(r, 400));
		is(`restarted: the database, time ${i + 1}`, pg.restart(), "done");
	}
	is("restarted: posts are taken again", await soon(async () => await post(s, key, `Après ${Date.now()}`) === 201));
	go = false;
	await Promise.all([...writers, ...readers]);
	is(`restarted: answers are the right ones or 503 (${[...answers].sort()})`, [...answers].filter((c) => ![200, 201, 503].includes(c)), []);
	const there = new Set(pg.sql(data, "SELECT title FROM object WHERE title LIKE 'Pendant %'"));
	is(`restarted: all ${taken.length} acknowledged posts are there`, taken.filter((n) => !there.has(n)), []);
	await s.stop();
	is("restarted: the data is sound", command(pg, data, "check").status, 0);
}

const resident = (pid) => Number(fs.readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]) / 1024;

/* Thousands of connections that say nothing, and some that drip their head: who visits does not notice, memory stays small. */
async function idle() {
	const s = await site({ args: ["--per-address", "6000"] });
	const port = Number(new URL(s.at).port);
	await status(s, "/fr/directory");
	const before = resident(s.pid);
	const sockets = [];
	let broken = 0;
	for (let i = 0; i < 5000; i += 250) {
		await Promise.all(Array.from({ length: 250 }, () => new Promise((resolve) => {
			const socket = net.connect(port, "127.0.0.1", resolve);
			socket.on("error", () => {
				broken++;
				resolve();
			});
			sockets.push(socket);
		})));
	}
	for (const socket of sockets.slice(0, 200)) socket.write("GET /fr/directory HTTP/1.1\r\nHost: a\r\nX-Slow: a");
	await soon(async () => Number((await (await fetch(`${s.at}/metrics`)).text()).match(/^maillage_connections\S* (\d+)/m)?.[1] ?? 5000) >= 5000);
	const drip = setInterval(() => sockets.slice(0, 200).forEach((socket) => socket.writable && socket.write("a")), 200);
	const times = [];
	for (let i = 0; i < 10; i++) {
		const at = Date.now();
		is("idle: pages are read", await status(s, `/fr/practices?q=bus${i}`), 200);
		times.push(Date.now() - at);
	}
	const grown = resident(s.pid) - before;
	clearInterval(drip);
	is("idle: all 5,000 are taken", broken, 0);
	is(`idle: visitors do not wait (${times} ms)`, times.sort((a, b) => a - b)[5] < 500);
	is(`idle: 5,000 connections take less than 60 MB (${grown.toFixed(1)} MB)`, grown < 60 || /asan|tsan/.test(process.env.BUILD ?? ""));
	for (const socket of sockets) socket.destroy();
	await s.stop();
}

const here = engines();
for (const e of here) {
	for (const part of [killed, killed_import, full_disk]) await step(`${part.name}, ${e.name}`, () => part(e));
}
await step("locked", locked);
await step("idle", idle);
if (here.includes(pg)) await step("restarted", restarted);
else count.skipped += 4;
clean();
stop_engines();
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed ? 1 : 0;
