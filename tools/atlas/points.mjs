/*
 * Where communes are. Some 15 000 are found in GeoNames by their INSEE code; the others get an honest approximate point, the
 * best linear prediction (kriging) from the located communes that share a département, an arrondissement, an EPCI or postal
 * codes with them. The weights below were chosen by measuring against official points (measure.mjs); nothing of those
 * points is in the result. A located commune that its neighbours contradict by far is taken for an error of the source and
 * predicted like the others.
 */
import { bare, key } from './fold.mjs';

/* Variance explained by each thing two communes share, and what is left to each alone; only the proportions matter. */
const SHARE = { departement: 200, arrondissement: 150, epci: 200, postal: 600, postal4: 15, own: 30 };
/* Standard errors from its neighbours beyond which a point is not believed. */
const SUSPECT = 4.5;

/* In New Caledonia, Polynesia and Wallis the chief settlement often has another name than its commune. */
const CHIEF = new Map(Object.entries({
	98611: 'Alo', 98612: 'Leava', 98613: 'Mata-Utu', 98714: 'Vaitape', 98719: 'Rikitea', 98722: 'Hitiaa', 98723: 'Atuona', 98724: 'Fare',
	98729: 'Afareaitu', 98731: 'Taiohae', 98744: 'Moerai', 98747: 'Tautira', 98748: 'Vairao', 98753: 'Mataura', 98754: 'Tevaitoa',
	98752: 'Papao', 98750: 'Avera', 98809: 'Vao', 98814: 'Wé', 98815: 'Tadine', 98820: 'Fayaoué', 98832: 'Yaté-Barrage',
	98412: 'Port-aux-Français', 97701: 'Gustavia', 97801: 'Marigot', 97501: 'Miquelon',
}));
const BY_NAME = { PF: '987', NC: '988', WF: '986', PM: '975', MF: '978', BL: '977', TF: '984' };

/* The row of GeoNames for each commune in force, as Map(code -> row); `towns` are the rows of France and overseas. */
export function townRows(communes, towns) {
	const byCode = new Map();
	const byName = new Map();
	const add = (m, k, r) => (m.get(k) ?? m.set(k, []).get(k)).push(r);
	for (const r of towns) {
		for (const code of r.country in BY_NAME || r.country === 'YT' ? [r.admin1, r.admin2] : [r.admin4]) {
			if (/^\d[\dAB]\d{3}$/.test(code)) {
				add(byCode, code, r);
			}
		}
		if (r.country in BY_NAME) {
			add(byName, `${BY_NAME[r.country]} ${key(r.name)}`, r);
		}
	}
	const found = new Map();
	for (const c of communes) {
		const names = [key(c.nom), key(CHIEF.get(c.code) ?? c.nom)];
		let rows = byCode.get(c.code) ?? [];
		if (c.zone === 'com') {
			rows = rows.concat(...names.map((n) => byName.get(`${c.departement} ${n}`) ?? []));
		}
		let best = null;
		for (const r of rows) {
			/* The settlement that bears the commune's name, else its seat, else its largest one; sections of towns last. */
			const score = (names.some((n) => n === key(r.name) || bare(n) === bare(key(r.name))) ? 1e10 : 0) +
				(/^PPL[AC]/.test(r.feature) ? 1e9 : 0) - (r.feature === 'PPLX' ? 1e11 : 0) + r.population;
			if (!best || score > best.score) {
				best = { score, row: r };
			}
		}
		if (best) {
			found.set(c.code, { row: best.row, named: best.score >= 1e10 });
		}
	}
	return found;
}

/* Cholesky factor of a symmetric matrix, in place. */
function factor(a, n) {
	for (let j = 0; j < n; j++) {
		for (let i = j; i < n; i++) {
			let s = a[i * n + j];
			for (let k = 0; k < j; k++) {
				s -= a[i * n + k] * a[j * n + k];
			}
			a[i * n + j] = i === j ? Math.sqrt(s) : s / a[j * n + j];
		}
	}
}

function solve(a, n, b) {
	const y = Float64Array.from(b);
	for (let i = 0; i < n; i++) {
		for (let k = 0; k < i; k++) {
			y[i] -= a[i * n + k] * y[k];
		}
		y[i] /= a[i * n + i];
	}
	for (let i = n - 1; i >= 0; i--) {
		for (let k = i + 1; k < n; k++) {
			y[i] -= a[k * n + i] * y[k];
		}
		y[i] /= a[i * n + i];
	}
	return y;
}

function overlap(a, b) {
	let n = 0;
	for (const x of a) {
		n += b.includes(x) ? 1 : 0;
	}
	return n === 0 ? 0 : n / Math.sqrt(a.length * b.length);
}

function covariance(a, b) {
	return (a.departement === b.departement ? SHARE.departement : 0) + (a.arrondissement === b.arrondissement ? SHARE.arrondissement : 0) +
		(a.epci && a.epci === b.epci ? SHARE.epci : 0) + SHARE.postal * overlap(a.postal, b.postal) + SHARE.postal4 * overlap(a.postal4, b.postal4);
}

/* One département: `near` are the located communes in or beside it. Returns the prediction and what it rests on. */
function krige(departement, near) {
	const inside = near.filter((c) => c.departement === departement);
	if (inside.length === 0) {
		return null;
	}
	const mean = [0, 1].map((d) => inside.reduce((s, c) => s + c.at[d], 0) / inside.length);
	const squeeze = Math.cos(mean[0] * Math.PI / 180);
	const n = near.length;
	const a = new Float64Array(n * n);
	for (let i = 0; i < n; i++) {
		for (let j = 0; j <= i; j++) {
			a[i * n + j] = a[j * n + i] = covariance(near[i], near[j]) + (i === j ? SHARE.own : 0);
		}
	}
	factor(a, n);
	const alpha = [0, 1].map((d) => solve(a, n, near.map((c) => c.at[d] - mean[d])));
	return { near, mean, squeeze, alpha, a, n };
}

/* The located commune of `departement` that the others contradict most, when beyond belief. The scale of the errors is not
 * known beforehand: it is the median of the département's own. */
function contradicted(k, departement) {
	const errors = [];
	const column = new Float64Array(k.n);
	for (let i = 0; i < k.n; i++) {
		/* The diagonal of the inverse: the squares of a column of the factor's own inverse. */
		let precision = 0;
		for (let r = i; r < k.n; r++) {
			let s = r === i ? 1 : 0;
			for (let j = i; j < r; j++) {
				s -= k.a[r * k.n + j] * column[j];
			}
			column[r] = s / k.a[r * k.n + r];
			precision += column[r] * column[r];
		}
		const z = Math.hypot(k.alpha[0][i], k.alpha[1][i] * k.squeeze) * 111.2 / Math.sqrt(precision);
		if (k.near[i].departement === departement) {
			errors.push({ z, commune: k.near[i] });
		}
	}
	errors.sort((x, y) => y.z - x.z);
	const worst = errors[0];
	return worst && worst.z > SUSPECT ? worst.commune : null;
}

function predict(k, c) {
	const at = [...k.mean];
	for (let i = 0; i < k.n; i++) {
		const v = covariance(c, k.near[i]);
		if (v !== 0) {
			at[0] += v * k.alpha[0][i];
			at[1] += v * k.alpha[1][i];
		}
	}
	return at;
}

/* Points of the communes in force: Map(code -> {lat, lon, exact}), and the rows they came from. */
export function locate(communes, epciOf, towns) {
	const rows = townRows(communes, towns);
	const all = communes.map((c) => {
		const postal = c.codesPostaux ?? [];
		const row = rows.get(c.code)?.row;
		return {
			code: c.code, departement: c.departement, arrondissement: c.arrondissement ?? c.departement, zone: c.zone,
			epci: epciOf.get(c.code), postal, postal4: [...new Set(postal.map((p) => p.slice(0, 4)))],
			at: row ? [row.lat, row.lon] : null,
		};
	});
	const points = new Map();
	const doubted = [];
	for (const departement of new Set(all.map((c) => c.departement))) {
		const here = all.filter((c) => c.departement === departement);
		const epcis = new Set(here.map((c) => c.epci).filter(Boolean));
		const postals = new Set(here.flatMap((c) => c.postal));
		let near = all.filter((c) => c.at && (c.departement === departement || epcis.has(c.epci) || c.postal.some((p) => postals.has(p))));
		let k = krige(departement, near);
		if (k && here[0].zone === 'metro') {
			for (let bad = contradicted(k, departement); bad; bad = contradicted(k, departement)) {
				doubted.push(bad.code);
				near = near.filter((c) => c !== bad);
				k = krige(departement, near);
			}
		}
		for (const c of here) {
			if (c.at && near.includes(c)) {
				points.set(c.code, { lat: c.at[0], lon: c.at[1], exact: true });
			} else if (k && c.zone !== 'com') {
				const [lat, lon] = predict(k, c);
				points.set(c.code, { lat, lon, exact: false });
			} else if (c.zone === 'com') {
				/* Island groups are thousands of kilometres wide: only a shared postal code says anything. */
				const same = near.filter((o) => overlap(o.postal, c.postal) > 0);
				if (same.length > 0) {
					const m = [0, 1].map((d) => same.reduce((s, o) => s + o.at[d], 0) / same.length);
					points.set(c.code, { lat: m[0], lon: m[1], exact: false });
				}
			}
		}
	}
	for (const code of doubted) {
		rows.delete(code);
	}
	return { points, rows, doubted };
}
