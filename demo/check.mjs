/*
 * Checks the content of the demonstration network: every file parses, every reference resolves, every code and
 * language is one we know, and what is promised (counts, languages, chains) is there. Needs nothing but Node.
 *
 *   node demo/check.mjs        prints "N passed, M failed" (and ", K skipped" when the reference data is absent)
 */
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.dirname(HERE);
const LANGS = ["fr", "en", "es", "pt", "ar"];
const MIN = { themes: 45, topThemes: 12, actors: 150, summary5: 40, body5: 20, servicePoints: 15, bigNetworks: 5,
	practices: 40, problemEn: 15, reuses: 8, extracted: 10, resources: 5, pictures: 25, unconfirmed: 4, closed: 2, blurred: 8 };

const KINDS = ["collective", "association", "assembly", "national", "network", "municipality", "public_body", "university",
	"union", "company", "elected", "informal", "service_point", "commission", "federation"];
const SCALES = ["local", "departmental", "regional", "national", "european", "international"];
const VERBS = ["member_of", "founder_of", "partner_of", "local_branch_of", "commission_of"];
const SERVICES = ["first_reception", "french_lessons", "housing", "legal_aid", "food", "health", "papers", "clothing", "schooling",
	"work", "childcare", "transport", "interpreting", "digital", "hygiene", "day_centre", "culture_sport", "psychological",
	"minors", "women"];
const CONTACTS = ["mail", "phone", "web", "form", "address", "social"];
const VISIBILITIES = ["public", "members", "hidden"];
const PRECISIONS = ["exact", "street", "commune", "departement"];
const COSTS = ["none", "under_5k", "5k_20k", "20k_100k", "over_100k"];
const STAFFS = ["none", "under_half", "half_to_two", "two_to_five", "over_five"];
const COMPETENCES = ["commune", "epci", "departement", "region", "state", "other"];
const DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const REGIONS = ["FR-ARA", "FR-BFC", "FR-BRE", "FR-CVL", "FR-COR", "FR-GES", "FR-HDF", "FR-IDF", "FR-NOR", "FR-NAQ", "FR-OCC",
	"FR-PDL", "FR-PAC", "FR-GP", "FR-MQ", "FR-GF", "FR-RE", "FR-YT"];
const MAX_SUMMARY = 280, MAX_BODY = 4000, MAX_NAME = 160, MAX_SVG = 24 * 1024;

let passed = 0, failed = 0, skipped = 0;
function ok(cond, what) {
	if (cond) passed++;
	else { failed++; console.log("FAIL " + what); }
	return !!cond;
}
const text = v => typeof v === "string" && v.trim().length > 0;
const slugOk = s => typeof s === "string" && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(s) && s.length <= 80;
const arabic = s => /[\u0600-\u06ff]/.test(s);

function load(name) {
	const raw = fs.readFileSync(path.join(HERE, name), "utf8");
	ok(raw === raw.normalize("NFC"), `${name}: text is not NFC`);
	ok(!/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd\u202a-\u202e\u2066-\u2069]/.test(raw), `${name}: control or replacement character`);
	ok(!/lorem ipsum|\bxxx\b|\bTBC\b/i.test(raw), `${name}: unfinished text`);
	return JSON.parse(raw);
}
function slugs(list, what) {
	const m = new Map();
	for (const x of list) {
		ok(slugOk(x.slug), `${what}: bad slug ${x.slug}`);
		ok(!m.has(x.slug), `${what}: slug twice: ${x.slug}`);
		m.set(x.slug, x);
	}
	return m;
}
function five(v, what, max = MAX_BODY) {
	if (!ok(v && typeof v === "object", `${what}: no translations`)) return;
	for (const l of LANGS)
		ok(text(v[l]) && v[l].length <= max, `${what}: missing or too long in ${l}`);
	ok(v.ar && arabic(v.ar), `${what}: Arabic text is not in Arabic`);
	ok(Object.keys(v).every(l => LANGS.includes(l)), `${what}: unknown language`);
}

/* The French reference points, when the machine has them; their absence is told, never hidden. */
const pointsFile = path.join(ROOT, "..", "shared", "data", "territories-fr", "communes-points.csv");
let points = null;
if (fs.existsSync(pointsFile)) {
	points = new Map();
	for (const line of fs.readFileSync(pointsFile, "utf8").split("\n").slice(1)) {
		const f = line.split(",");
		if (f.length > 5) points.set(f[0], { lon: +(f[4] || f[1]), lat: +(f[5] || f[2]) });
	}
} else skipped++;

function territoryOk(x, code, where) {
	if (!ok(text(code), `${where}: empty territory`)) return;
	if (/^(\d{5}|2[AB]\d{3})$/.test(code)) {
		if (points) ok(points.has(code), `${where}: no commune ${code}`);
		return;
	}
	if (/^(\d{2}|2[AB]|97\d)$/.test(code)) return;
	if (/^FR-[A-Z]{2,3}$/.test(code)) { ok(REGIONS.includes(code), `${where}: no region ${code}`); return; }
	if (/^[A-Z]{2}$/.test(code)) return;
	ok(/^\p{Lu}/u.test(code) && /^[A-Z]{2}$/.test(x.country || ""), `${where}: town ${code} without its country`);
}
function hoursOk(h) {
	const span = /^([01]\d|2[0-4]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$/;
	if (typeof h === "string")
		return /^24\/7$/.test(h) || h.split(";").every(p => {
			const r = p.trim().match(/^([A-Z][a-z](?:[-,][A-Z][a-z])*(?:\[\d\])?|PH|SH) (.+)$/);
			return r && r[1].replace(/\[\d\]/, "").split(/[-,]/).every(d => DAYS.includes(d) || d === "PH" || d === "SH") &&
				(r[2] === "off" || r[2].split(",").every(s => span.test(s.trim())));
		});
	return h && typeof h === "object" && Object.entries(h).every(([d, s]) => DAYS.includes(d) && s.split(",").every(t => span.test(t)));
}
/* Invented people may only be reached at addresses and numbers that can belong to nobody. */
const fakeMail = v => /^[a-z0-9.+-]+@([a-z0-9-]+\.)?example\.org$/.test(v);
const fakeWeb = v => /^https:\/\/([a-z0-9-]+\.)*example\.org(\/|$)/.test(v);
const fakePhone = v => /^(01 99 00|06 39 98) \d\d \d\d$/.test(v);

function picture(x, where) {
	if (!x.picture) return;
	ok(/^demo\/img\/[a-z0-9-]+\.svg$/.test(x.picture) && fs.existsSync(path.join(ROOT, x.picture)), `${where}: no picture ${x.picture}`);
	five(x.picture_alt, `${where} picture_alt`, 200);
}

/* ---- themes ---- */
const themes = load("themes.json"), theme = slugs(themes, "themes");
for (const t of themes) {
	five(t.names, `theme ${t.slug} names`, 80);
	five(t.description, `theme ${t.slug} description`, 200);
	if (t.parent !== null) {
		const up = theme.get(t.parent);
		ok(up && up.parent === null, `theme ${t.slug}: parent ${t.parent} is not a top theme`);
	}
}
ok(themes.filter(t => t.parent === null).length >= MIN.topThemes, "themes: too few top themes");
ok(themes.length >= MIN.themes, "themes: too few");

/* ---- actors ---- */
const actors = load("actors.json"), actor = slugs(actors, "actors");
const fold = s => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
const names = new Map();
let summary5 = 0, body5 = 0, servicePoints = 0, closed = 0, unconfirmed = 0, blurred = 0;
for (const x of actors) {
	const w = `actor ${x.slug}`;
	ok(text(x.name) && x.name.length <= MAX_NAME, `${w}: name`);
	ok(!names.has(fold(x.name)), `${w}: same name as ${names.get(fold(x.name))}`);
	names.set(fold(x.name), x.slug);
	ok(KINDS.includes(x.kind), `${w}: kind ${x.kind}`);
	ok(LANGS.includes(x.lang), `${w}: lang ${x.lang}`);
	ok(typeof x.fictitious === "boolean", `${w}: fictitious not said`);
	const tr = x.translations || {};
	ok(Object.keys(tr).every(l => LANGS.includes(l) && l !== x.lang), `${w}: translations`);
	const sum = { [x.lang]: x.summary }, body = { [x.lang]: x.body };
	for (const [l, t] of Object.entries(tr)) { sum[l] = t.summary; body[l] = t.body; }
	ok(text(sum.fr) && text(sum.en), `${w}: summary missing in fr or en`);
	for (const [l, s] of Object.entries(sum)) {
		if (s === undefined) continue;
		ok(text(s) && s.length <= MAX_SUMMARY && !/[*<>\n]/.test(s), `${w}: summary ${l} is ${s.length} long, or is not plain text`);
		if (l === "ar") ok(arabic(s), `${w}: Arabic summary`);
	}
	for (const [l, s] of Object.entries(body)) {
		if (s === undefined) continue;
		ok(text(s) && s.length <= MAX_BODY && !/[<>]/.test(s), `${w}: body ${l}`);
	}
	if (LANGS.every(l => text(sum[l]))) summary5++;
	if (LANGS.every(l => text(body[l]))) body5++;
	for (const t of x.themes || []) ok(theme.has(t), `${w}: theme ${t}`);
	ok((x.themes || []).length > 0, `${w}: no theme`);
	if (x.scale) ok(SCALES.includes(x.scale), `${w}: scale ${x.scale}`);
	territoryOk(x, x.territory, w);
	for (const t of x.territories || []) territoryOk(x, t, w);
	for (const p of x.places || []) {
		ok(PRECISIONS.includes(p.precision), `${w}: precision ${p.precision}`);
		ok(/^[A-Z]{2}$/.test(p.country), `${w}: country of place`);
		ok((p.lat === undefined) === (p.lon === undefined), `${w}: half a position`);
		if (p.precision === "commune" || p.precision === "departement") {
			ok(!p.address, `${w}: address shown for a blurred place`);
			if (p.precision === "departement" || x.sensitive) blurred++;
		}
		if (p.lat === undefined) continue;
		ok(p.lat >= -60 && p.lat <= 72 && p.lon >= -180 && p.lon <= 180, `${w}: position`);
		const q = points && points.get(x.territory);
		if (q) ok(Math.abs(q.lat - p.lat) < 0.06 && Math.abs(q.lon - p.lon) < 0.08, `${w}: ${p.lat},${p.lon} is not in ${x.territory} (${q.lat},${q.lon})`);
	}
	for (const c of x.contacts || []) {
		ok(CONTACTS.includes(c.type) && VISIBILITIES.includes(c.visibility) && text(c.value), `${w}: contact ${c.type}`);
		if (x.fictitious) {
			if (c.type === "mail") ok(fakeMail(c.value), `${w}: mail ${c.value}`);
			if (c.type === "phone") ok(fakePhone(c.value), `${w}: phone ${c.value}`);
			if (c.type === "web" || c.type === "form" || c.type === "social") ok(fakeWeb(c.value), `${w}: web ${c.value}`);
		} else ok(c.type === "web" && /^https:\/\//.test(c.value), `${w}: a real organisation has only its public site here`);
	}
	for (const l of x.links || []) ok(text(l.label) && (x.fictitious ? fakeWeb(l.url) : /^https:\/\//.test(l.url)), `${w}: link ${l.url}`);
	for (const l of x.languages || []) ok(/^[a-z]{2,3}$/.test(l), `${w}: language ${l}`);
	if (x.hours !== undefined) ok(hoursOk(x.hours), `${w}: hours ${JSON.stringify(x.hours)}`);
	for (const s of x.services || []) {
		ok(SERVICES.includes(s.type), `${w}: service ${s.type}`);
		for (const l of s.languages || []) ok(/^[a-z]{2,3}$/.test(l), `${w}: service language ${l}`);
		if (s.no_status_asked !== undefined) ok(typeof s.no_status_asked === "boolean", `${w}: no_status_asked`);
	}
	if (x.services && x.hours) servicePoints++;
	if (x.services) ok(x.fictitious, `${w}: services and hours are only given for invented places`);
	if (x.founded) ok(/^(1[89]|20)\d\d$/.test(x.founded), `${w}: founded ${x.founded}`);
	for (const n of x.network || []) {
		ok(VERBS.includes(n.verb) && actor.has(n.of) && n.of !== x.slug, `${w}: ${n.verb} ${n.of}`);
		for (const d of [n.from, n.to]) if (d) ok(/^\d{4}(-\d\d(-\d\d)?)?$/.test(d), `${w}: date ${d}`);
		if (n.from && n.to) ok(n.from <= n.to, `${w}: ends before it starts`);
	}
	if (x.status) { ok(x.status === "closed", `${w}: status ${x.status}`); closed++; }
	if (x.checked) { ok(/^\d{4}-\d\d-\d\d$/.test(x.checked), `${w}: checked`); unconfirmed++; }
	picture(x, w);
}
const members = new Map();
for (const x of actors) for (const o of new Set((x.network || []).filter(n => n.verb !== "partner_of" && !n.to).map(n => n.of)))
	members.set(o, (members.get(o) || 0) + 1);
ok([...members.values()].filter(n => n >= 10).length >= MIN.bigNetworks, `actors: too few networks of ten members: ${[...members.values()].filter(n => n >= 10).length}`);
ok(actors.length >= MIN.actors, `actors: ${actors.length}`);
ok(summary5 >= MIN.summary5, `actors: ${summary5} summaries in five languages`);
ok(body5 >= MIN.body5, `actors: ${body5} presentations in five languages`);
ok(servicePoints >= MIN.servicePoints, `actors: ${servicePoints} with hours and services`);
ok(closed >= MIN.closed && unconfirmed >= MIN.unconfirmed && blurred >= MIN.blurred, `actors: closed ${closed}, dated ${unconfirmed}, blurred ${blurred}`);

/* ---- resources ---- */
const resources = load("resources.json"), resource = slugs(resources, "resources");
for (const r of resources) {
	const w = `resource ${r.slug}`;
	ok(text(r.title) && LANGS.includes(r.lang) && Number.isInteger(r.pages) && r.pages > 0 && r.year >= 1990 && r.year <= 2026, `${w}: facts`);
	ok(r.authors.length > 0 && r.authors.every(a => actor.has(a)), `${w}: authors`);
	ok(["unknown", "CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0"].includes(r.licence), `${w}: licence`);
	const s = { [r.lang]: r.summary };
	for (const [l, t] of Object.entries(r.translations || {})) s[l] = t.summary;
	five(s, `${w} summary`, 400);
	for (const t of r.themes || []) ok(theme.has(t), `${w}: theme ${t}`);
}
ok(resources.length >= MIN.resources, "resources: too few");

/* ---- practices ---- */
const practices = load("practices.json"), practice = slugs(practices, "practices");
let reuses = 0, extracted = 0, problemEn = 0;
for (const x of practices) {
	const w = `practice ${x.slug}`, tr = x.translations || {};
	ok(LANGS.includes(x.lang), `${w}: lang`);
	const title = { [x.lang]: x.title }, sum = { [x.lang]: x.summary };
	for (const [l, t] of Object.entries(tr)) { title[l] = t.title; sum[l] = t.summary; }
	five(title, `${w} title`, 120);
	five(sum, `${w} summary`, MAX_SUMMARY);
	ok(!/[*<>\n]/.test(Object.values(title).join() + Object.values(sum).join()), `${w}: title and summary are plain text`);
	ok(text(x.problem) && text(x.done), `${w}: problem and what was done`);
	const has = l => (l === x.lang ? text(x.problem) && text(x.done) : tr[l] && text(tr[l].problem) && text(tr[l].done));
	if (has("fr") && has("en")) problemEn++;
	ok((x.by || []).length > 0 && x.by.every(a => actor.has(a)), `${w}: by ${x.by}`);
	for (const a of x.with || []) ok(text(a), `${w}: with`);
	territoryOk(x, x.territory, w);
	if (x.since) ok(/^(19|20)\d\d$/.test(x.since), `${w}: since`);
	if (x.cost_band) ok(COSTS.includes(x.cost_band), `${w}: cost ${x.cost_band}`);
	if (x.staff_band) ok(STAFFS.includes(x.staff_band), `${w}: staff ${x.staff_band}`);
	ok((x.competence || []).length > 0 && x.competence.every(c => COMPETENCES.includes(c)), `${w}: competence`);
	ok((x.themes || []).length > 0 && x.themes.every(t => theme.has(t)), `${w}: themes ${x.themes}`);
	ok((x.results || []).length > 0 && x.results.every(r => text(r.text) && (r.evidence_url || text(r.evidence_note))), `${w}: results without evidence`);
	for (const r of x.results || []) if (r.evidence_url) ok(fakeWeb(r.evidence_url) === x.fictitious, `${w}: evidence ${r.evidence_url}`);
	for (const d of x.documents || []) ok(resource.has(d), `${w}: document ${d}`);
	for (const r of x.reuses || []) {
		ok(practice.has(r.of) && r.of !== x.slug && text(r.what_changed), `${w}: reuses ${r.of}`);
		reuses++;
	}
	if (x.from_resource) {
		const r = resource.get(x.from_resource.resource), m = /^(\d+)(?:-(\d+))?$/.exec(x.from_resource.pages);
		ok(r && m && +m[1] <= +(m[2] || m[1]) && +(m[2] || m[1]) <= r.pages, `${w}: pages of ${x.from_resource.resource}`);
		extracted++;
	}
	ok(typeof x.fictitious === "boolean", `${w}: fictitious not said`);
	picture(x, w);
}
/* "We did it too" must lead back to a first practice, never in a circle. */
for (const x of practices) {
	const seen = new Set(), walk = s => seen.has(s) || (seen.add(s), (practice.get(s)?.reuses || []).forEach(r => walk(r.of)));
	(x.reuses || []).forEach(r => walk(r.of));
	ok(!seen.has(x.slug), `practice ${x.slug}: reuses itself in a circle`);
}
ok(practices.length >= MIN.practices, `practices: ${practices.length}`);
ok(reuses >= MIN.reuses, `practices: ${reuses} reuses`);
ok(extracted >= MIN.extracted, `practices: ${extracted} extracted`);
ok(problemEn >= MIN.problemEn, `practices: ${problemEn} told in fr and en`);

/* ---- site ---- */
const site = load("site.json");
five(site.name, "site name", 120);
five(site.tagline, "site tagline", 160);
five(site.demonstration_notice, "site notice", 900);
ok(LANGS.every(l => site.languages.includes(l)) && LANGS.includes(site.default_language), "site languages");
for (const c of Object.values(site.colours)) ok(/^#[0-9a-f]{6}$/i.test(c), `site colour ${c}`);
for (const b of slugs(site.home, "home").values()) {
	five(b.title, `home ${b.slug} title`, 80);
	five(b.body, `home ${b.slug} body`, 900);
	for (const l of b.links || []) { ok(/^\/[a-z/?=_-]+$/.test(l.path), `home ${b.slug}: link ${l.path}`); five(l.label, `home ${b.slug} link`, 60); }
	picture(b, `home ${b.slug}`);
}
for (const [n, menu] of Object.entries(site.menus)) for (const e of menu) { ok(/^\/[a-z/-]+$/.test(e.path), `menu ${n}: ${e.path}`); five(e.label, `menu ${n} ${e.path}`, 40); }
const pages = slugs(site.pages, "pages");
for (const p of pages.values()) { five(p.title, `page ${p.slug} title`, 80); five(p.body, `page ${p.slug} body`); }
for (const s of ["about", "values", "privacy", "legal", "open-data"]) ok(pages.has(s), `site: no page ${s}`);
for (const l of LANGS) for (const word of ["Etalab", "INSEE", "GeoNames", "CC BY 4.0", "Natural Earth", "CLDR", "La Poste"])
	ok(pages.get("open-data").body[l].includes(word), `open-data ${l}: ${word} is not credited`);

/* ---- pictures ---- */
const dir = path.join(HERE, "img");
const svgs = fs.existsSync(dir) ? fs.readdirSync(dir) : [];
for (const f of svgs) {
	const s = fs.readFileSync(path.join(dir, f), "utf8");
	ok(/^[a-z0-9-]+\.svg$/.test(f), `img/${f}: name`);
	ok(s.startsWith("<svg ") && s.includes('viewBox="0 0 800 450"') && s.trimEnd().endsWith("</svg>"), `img/${f}: frame`);
	ok(!/<(script|text|foreignObject|image|style|animate)|\son[a-z]+=|href="(?!#)|<!DOCTYPE|<!ENTITY|url\((?!#)/i.test(s), `img/${f}: forbidden element`);
	ok(s.length <= MAX_SVG, `img/${f}: ${s.length} bytes`);
}
ok(svgs.length >= MIN.pictures, `img: ${svgs.length} pictures`);

console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`);
process.exit(failed ? 1 : 0);
