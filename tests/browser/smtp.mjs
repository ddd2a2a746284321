/* A real mail server for the journeys: tests/smtp/server.py, and what it was given, as it arrives. */
import fs from "node:fs";
import path from "node:path";
import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { tmp } from "./lib.mjs";

/* { from, to, headers, text } of a message as it travelled: one text part in base64. */
function parse(from, to, raw) {
	const [head, body] = raw.toString("utf8").split(/\r\n\r\n/, 2);
	const headers = Object.fromEntries(head.replace(/\r\n[ \t]+/g, " ").split("\r\n").map((l) => [l.slice(0, l.indexOf(":")).toLowerCase(), l.slice(l.indexOf(":") + 2)]));
	return { from, to, headers, text: Buffer.from(body, "base64").toString("utf8") };
}

/* { port, mail(to), count, stop }: mail(to) gives the next message to an address, waiting until it has come. */
export async function smtp() {
	const dir = fs.mkdtempSync(path.join(tmp, "smtp-"));
	const [cert, key] = [path.join(dir, "cert.pem"), path.join(dir, "key.pem")];
	const made = spawnSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
		"-subj", "/CN=localhost", "-keyout", key, "-out", cert]);
	if (made.status !== 0) throw new Error("openssl made no certificate");
	const child = spawn("/usr/bin/python3", ["tests/smtp/server.py", cert, key], { stdio: ["pipe", "pipe", "ignore"] });
	const come = [];
	const waiting = [];
	let port = 0;
	let ready;
	const started = new Promise((resolve, reject) => {
		ready = resolve;
		child.on("exit", (code) => reject(new Error(`the mail server ended with ${code}`)));
	});
	started.catch(() => {});
	createInterface({ input: child.stdout }).on("line", (line) => {
		const [what, ...rest] = line.split(" ");
		if (what === "ports") {
			port = +rest[3];
			ready();
		} else if (what === "mail") {
			const m = parse(rest[1], rest[2], Buffer.from(rest[3], "base64"));
			const i = waiting.findIndex((w) => w.to === m.to);
			if (i >= 0) waiting.splice(i, 1)[0].resolve(m);
			else come.push(m);
		}
	});
	await started;
	return {
		port,
		count: () => come.length,
		mail: (to) => {
			const i = come.findIndex((m) => m.to === to);
			if (i >= 0) return Promise.resolve(come.splice(i, 1)[0]);
			return new Promise((resolve, reject) => {
				const late = setTimeout(() => reject(new Error(`no mail came for ${to}`)), 20000);
				waiting.push({ to, resolve: (m) => {
					clearTimeout(late);
					resolve(m);
				} });
			});
		},
		stop: () => child.kill("SIGKILL"),
	};
}

/* The first address in a mail's text that has this in it. */
export const link_in = (mail, part = "/") => mail.text.match(/https?:\/\/\S+/g).find((l) => l.includes(part));
