/*
 * What goes out, as others judge it: the API's description by a validator of OpenAPI, feeds by a feed reader, GeoJSON and JSON-LD by
 * theirs; and that what goes out comes back in, into an empty site. Ends with "N passed, M failed".
 */
import fs from "node:fs";
import path from "node:path";
import { spawnSync } from "node:child_process";
import { Validator } from "@seriousme/openapi-schema-validator";
import { check } from "@placemarkio/check-geojson";
import jsonld from "jsonld";
import { clean, count, is, program, run, site, step, tmp } from "../browser/lib.mjs";

const kinds = ["actors", "practices", "resources", "events"];
let s;

const text = async (where) => {
	const got = await fetch(s.at + where);
	if (!got.ok) throw new Error(`${where}: ${got.status}`);
	return got.text();
};

async function openapi() {
	for (const lang of ["en", "ar"]) {
		const said = JSON.parse(await text(`/api/openapi.json?lang=${lang}`));
		const found = await new Validator().validate(structuredClone(said));
		is(`the API's description is OpenAPI 3.1 (${lang})`, found.valid || found.errors, true);
		const ids = Object.values(said.paths).flatMap((p) => Object.values(p)).map((o) => o.operationId).filter(Boolean);
		is("each operation has a name of its own", new Set(ids).size, ids.length);
	}
	/* Each address that is described answers. */
	const described = JSON.parse(await text("/api/openapi.json"));
	const some = { actors: "tous-migrants", territories: "26108", elements: "tous-migrants" };
	for (const [at, what] of Object.entries(described.paths)) {
		if (!what.get) continue;
		const kind = at.split("/").find((part) => described.paths[`/api/v1/${part}`] || part === "elements");
		let id = some[kind];
		if (at.includes("{id}") && !id) id = JSON.parse(await text(`/api/v1/${kind}?limit=1`)).data[0]?.id;
		if (at.includes("{id}") && !id) continue; /* none in the demonstration */
		const got = await fetch(s.at + at.replace("{id}", id));
		is(`${at} answers as described`, [got.status, (got.headers.get("content-type") ?? "").split(";")[0]], [200, "application/json"]);
		await got.arrayBuffer();
	}
}

async function feeds() {
	for (const kind of kinds) {
		for (const form of ["rss", "atom"]) {
			for (const lang of ["fr", "ar"]) {
				const body = await text(`/api/v1/${kind}.${form}?lang=${lang}`);
				const lint = spawnSync("xmllint", ["--noout", "-"], { input: body, encoding: "utf8" });
				is(`${kind}.${form} (${lang}) is XML`, lint.stderr, "");
				const said = spawnSync("/usr/bin/python3", ["tests/formats/feed.py"], { input: body, encoding: "utf8" });
				is(`${kind}.${form} (${lang}) is a good feed`, said.stdout + said.stderr, "");
			}
		}
	}
}

async function geojson() {
	for (const kind of [...kinds, "territories"]) {
		const body = await text(`/api/v1/${kind}.geojson?limit=200`);
		let said = "sound";
		try {
			check(body);
		} catch (e) {
			said = JSON.stringify(e.issues ?? String(e)).slice(0, 400);
		}
		is(`${kind}.geojson`, said, "sound");
	}
	const one = JSON.parse(await text("/api/v1/actors/tous-migrants.geojson"));
	is("one object as GeoJSON", [check(JSON.stringify(one)).type, one.features.length], ["FeatureCollection", 1]);
}

/* schema.org's own context is not fetched: its words are all under one name. */
const loader = async (url) => {
	if (!/^https?:\/\/schema\.org\/?$/.test(url)) throw new Error(`asked for ${url}`);
	return { contextUrl: null, documentUrl: url, document: { "@context": { "@vocab": "https://schema.org/", id: "@id", type: "@type" } } };
};

async function linked_data() {
	for (const where of [...kinds.map((k) => `/api/v1/${k}.jsonld`), "/api/elements.jsonld"]) {
		const said = JSON.parse(await text(where));
		const nodes = await jsonld.expand(said, { documentLoader: loader });
		is(`${where} expands to as many things as it lists`, nodes.length, said["@graph"].length);
		is(`${where}: every word has an address`, nodes.every((n) => Object.keys(n).every((k) => k.startsWith("@") || k.startsWith("https://schema.org/"))), true);
		const quads = await jsonld.toRDF(said, { documentLoader: loader, format: "application/n-quads" });
		is(`${where} is RDF`, quads.length > 100, true);
	}
	const hours = JSON.parse(await text("/api/v1/actors.jsonld"))["@graph"].flatMap((n) => n.openingHours ?? []);
	is("opening hours say when", hours.length > 0 && hours.every((h) => /^(Mo|Tu|We|Th|Fr|Sa|Su) \d\d:\d\d-\d\d:\d\d$/.test(h)), true);
}

/* GoGoCarto's shapes, as its maps expect them. */
async function gogocarto() {
	const get = async (where) => JSON.parse(await text(where));
	const full = await get("/api/elements.json");
	is("elements: the head", [typeof full.licence, full.ontology, Array.isArray(full.data)], ["string", "gogofull", true]);
	is("elements: each whole", full.data.filter((e) => !(typeof e.id === "string" && e.name && Math.abs(e.geo.latitude) <= 90 && Math.abs(e.geo.longitude) <= 180 && e.address &&
		Array.isArray(e.categories) && e.categoriesFull.length === e.categories.length && e.stamps && e.images && Number.isInteger(e.status) && !Number.isNaN(Date.parse(e.createdAt)))), []);
	is("elements: five decimals", full.data.every((e) => /^-?\d+(\.\d{1,5})?$/.test(String(e.geo.latitude))), true);
	const compact = await get("/api/elements.json?ontology=gogocompact");
	is("compact: the head", [compact.ontology, compact.mapping], ["gogocompact", ["id", ["name"], "latitude", "longitude", "status", "moderationState"]]);
	const numbers = new Set(Object.keys(await get("/api/taxonomy-mapping.json")).map(Number));
	is("compact: id, names, latitude, longitude, numbers of categories", compact.data.filter((r) => !(r.length === 5 && typeof r[0] === "string" && Array.isArray(r[1]) &&
		typeof r[2] === "number" && typeof r[3] === "number" && r[4].every((n) => numbers.has(n)))), []);
	is("compact: the same elements", compact.data.map((r) => r[0]), full.data.map((e) => e.id));
	const some = await get("/api/elements.json?bounds=4,43,6,46;-2,47,0,49");
	const inside = full.data.filter(({ geo: { longitude: x, latitude: y } }) => (x >= 4 && x <= 6 && y >= 43 && y <= 46) || (x >= -2 && x <= 0 && y >= 47 && y <= 49));
	is("bounds: two boxes", some.data.map((e) => e.id).sort(), inside.map((e) => e.id).sort());
	is("limit", (await get("/api/elements.json?limit=3")).data.length, 3);
	const number = compact.data.find((r) => r[4].length)[4][0];
	is("categories: by number", (await get(`/api/elements.json?ontology=gogocompact&categories=${number}`)).data.length > 0, true);
	is("search", (await get("/api/elements/search?text=halte+canal")).data.map((e) => e.id).includes("la-halte-du-canal"), true);
	is("one", (await get("/api/elements/la-halte-du-canal.json")).data.name, "La Halte du Canal");
	is("none", (await fetch(`${s.at}/api/elements/personne.json`)).status, 404);
	const taxonomy = await get("/api/taxonomy.json?lang=fr");
	is("taxonomy: a tree of options", [Array.isArray(taxonomy), taxonomy[0].options.every((o) => o.id && o.name && numbers.has(o.id))], [true, true]);
	is("read by any page", (await fetch(`${s.at}/api/elements.json?limit=1`)).headers.get("access-control-allow-origin"), "*");
}

/* ---- out and in again ---- */

/* Hosts of events are asked again by another site: until they agree they are not shown. */
const left_out = new Set(["url", "created_at", "updated_at", "source", "hosts"]);

function records(data, kind) {
	const done = run("export", kind, "--format", "json", "--data", data);
	return new Map(JSON.parse(done.out).data.map((r) => [r.id, Object.fromEntries(Object.entries(r).filter(([k]) => !left_out.has(k)))]));
}

/* The order of members says nothing. */
const same = (v) => JSON.stringify(v, (_, x) => (x && typeof x === "object" && !Array.isArray(x) ? Object.fromEntries(Object.entries(x).sort()) : x));

function differences(a, b) {
	const found = [];
	for (const [id, r] of a) {
		const other = b.get(id);
		if (!other) found.push(`${id} is missing`);
		else for (const k of Object.keys(r)) if (same(r[k]) !== same(other[k])) found.push(`${id}: ${k}`);
	}
	if (a.size !== b.size) found.push(`${a.size} became ${b.size}`);
	return found.slice(0, 5);
}

function export_to(kind, form, file) {
	const to = fs.openSync(file, "w");
	const done = spawnSync(program, ["export", kind, "--format", form, "--data", s.data], { stdio: ["ignore", to, "pipe"], encoding: "utf8" });
	fs.closeSync(to);
	if (done.status !== 0) throw new Error(done.stderr);
}

function import_json(kind, file, data) {
	const done = run("import", kind, file, "--json", "--data", data);
	return JSON.parse(done.out);
}

async function there_and_back() {
	const themes = path.join(tmp, "themes.csv");
	export_to("themes", "csv", themes);
	for (const form of ["csv", "json", "geojson", "umap"]) {
		const data = fs.mkdtempSync(path.join(tmp, "empty-"));
		run("import", "themes", themes, "--data", data);
		for (const kind of kinds) {
			const file = path.join(tmp, `${kind}.${form}`);
			export_to(kind, form, file);
			const before = records(s.data, kind);
			const said = import_json(kind, file, data);
			is(`${kind} as ${form}: all come in`, [said.read, said.created, said.rejected, said.unknown_columns], [before.size, before.size, 0, []]);
			const after = records(data, kind);
			is(`${kind} as ${form}: the same as before`, differences(before, after), []);
			const again = import_json(kind, file, data);
			is(`${kind} as ${form}: a second time changes nothing`, [again.created, again.updated, again.unchanged], [0, 0, before.size]);
		}
		if (form === "csv") is("what came in is sound", run("check", "--data", data).out.split("\n").filter((l) => l && !l.endsWith(" 0 findings")), []);
	}
}

/* Forms that have fewer words than we do: the name and the place come back, and a second time changes nothing. */
async function poorer_forms() {
	for (const form of ["jsonld", "gogocarto", "rss", "atom"]) {
		const data = fs.mkdtempSync(path.join(tmp, "poor-"));
		const file = path.join(tmp, `actors-poor.${form}`);
		export_to("actors", form, file);
		const said = import_json("actors", file, data);
		const before = new Map([...records(s.data, "actors").values()].map((r) => [r.title, r]));
		const after = [...records(data, "actors").values()];
		is(`${form}: many come in`, said.created > 100 && after.length, said.created);
		is(`${form}: under their names`, after.filter((r) => !before.has(r.title)).map((r) => r.title), []);
		const placed = after.filter((r) => r.geo && before.get(r.title).geo?.precision === "exact");
		is(`${form}: where they are`, placed.filter((r) => Math.abs(r.geo.lat - before.get(r.title).geo.lat) > 0.0001).map((r) => r.title), []);
		const again = import_json("actors", file, data);
		is(`${form}: a second time changes nothing`, [again.created, again.updated], [0, 0]);
	}
}

s = await site();
for (const part of [openapi, feeds, geojson, linked_data, gogocarto, there_and_back, poorer_forms]) await step(part.name, part);
await s.stop();
clean();
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed ? 1 : 0;
