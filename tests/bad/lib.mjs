/*
 * What the bad days share: the two engines behind one face (a site's own data, its arguments, its questions), a PostgreSQL
 * cluster of this run, posts as visitors and programs send them.
 */
import fs from "node:fs";
import path from "node:path";
import { spawnSync } from "node:child_process";
import { program, tmp } from "../browser/lib.mjs";

/* A form token, as any visitor gets one. */
export async function token(s) {
	const text = await (await fetch(`${s.at}/fr/directory/propose`)).text();
	return text.match(/name="_csrf" value="([^"]+)"/)[1];
}

export async function propose(s, csrf, name) {
	const form = new URLSearchParams({ _csrf: csrf, name, kind: "collective", territory: "38185", proposer_mail: "amina@example.org" });
	const got = await fetch(`${s.at}/fr/directory/propose`, { method: "POST", body: form, redirect: "manual" });
	await got.arrayBuffer();
	return got.status;
}

/* An actor by the API; its status, 0 when the connection broke. */
export async function post(s, key, name) {
	try {
		const got = await fetch(`${s.at}/api/v1/actors`, {
			method: "POST", headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
			body: JSON.stringify({ name, type: "collective", territory: "38185", lang: "fr" }),
		});
		await got.arrayBuffer();
		return got.status;
	} catch {
		return 0;
	}
}

export const status = async (s, address) => {
	try {
		const got = await fetch(s.at + address);
		await got.arrayBuffer();
		return got.status;
	} catch {
		return 0;
	}
};

/* The program, run to its end on a site's data. */
export function command(e, data, ...args) {
	const done = spawnSync(program, [...args, "--data", data, ...e.args(data)], { encoding: "utf8" });
	return { status: done.status, out: done.stdout, err: done.stderr };
}

/* A token of an editor's for the API. */
export function key_of(e, data) {
	command(e, data, "user", "add", "programme@example.org", "--role", "admin");
	return command(e, data, "user", "token", "programme@example.org").out.trim();
}

export const soon = async (holds, ms = 10000) => {
	for (const end = Date.now() + ms; Date.now() < end;) {
		if (await holds()) return true;
		await new Promise((r) => setTimeout(r, 50));
	}
	return false;
};

function lines(done) {
	if (done.status !== 0) throw new Error(done.stderr);
	return done.stdout.split("\n").filter(Boolean);
}

/* What a statement says of the database, read by another program than ours. */
export const sqlite = {
	name: "SQLite",
	args: () => [],
	sql: (data, statement) => lines(spawnSync("python3", ["-c", "import sqlite3,sys\nfor r in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print(r[0])",
		path.join(data, "maillage.db"), statement], { encoding: "utf8" })),
};

const folder = `/tmp/bad-pg-${process.pid}`;
let cluster = null;
let databases = 0;

function pg_cluster(...args) {
	const done = spawnSync("scripts/pg-cluster.sh", args, { encoding: "utf8" });
	return done.status === 0 ? done.stdout.trim() || "done" : null;
}

function psql(url, statement) {
	return lines(spawnSync("psql", [url, "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", statement], { encoding: "utf8" }));
}

/* Each folder of data has a database of its own, in the tablespace that is asked for. */
const of_folder = new Map();
export const pg = {
	name: "PostgreSQL",
	url(data, tablespace = null) {
		if (!of_folder.has(data)) {
			const name = `bad${databases++}`;
			psql(cluster, `CREATE DATABASE ${name} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' ENCODING 'UTF8'${tablespace ? ` TABLESPACE ${tablespace}` : ""}`);
			of_folder.set(data, cluster.replace("/postgres?", `/${name}?`));
		}
		return of_folder.get(data);
	},
	args: (data) => ["--db", pg.url(data)],
	sql: (data, statement) => psql(pg.url(data), statement),
	restart: () => pg_cluster("restart", folder),
	folder,
	psql: (statement) => psql(cluster, statement),
};

/* The engines of this machine: SQLite, and PostgreSQL where it can be started. */
export function engines() {
	cluster = pg_cluster("start", folder, String(process.pid));
	return cluster ? [sqlite, pg] : [sqlite];
}

export function stop_engines() {
	if (cluster) pg_cluster("stop", folder);
}

export const folder_of = (name) => {
	const data = path.join(tmp, name);
	fs.mkdirSync(data);
	return data;
};
