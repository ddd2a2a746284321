/*
 * What makes pages nicer when a script may run; none of it is needed. Each function looks for its
 * data attributes; every sentence comes from the page. See doc/design-language.md.
 */
(() => {
	"use strict";
	const all = (sel, from = document) => from.querySelectorAll(sel);
	const make = (tag, props = {}, ...kids) => {
		const el = Object.assign(document.createElement(tag), props);
		el.append(...kids);
		return el;
	};
	const later = (fn, ms) => {
		let timer;
		return (...args) => {
			clearTimeout(timer);
			timer = setTimeout(fn, ms, ...args);
		};
	};
	let serial = 0;

	/* Territories: an ARIA combobox over the plain input, which is what gets posted. */
	function combobox(input) {
		const { endpoint, none = "", count = "%d" } = input.dataset;
		const id = "combo-" + ++serial;
		const box = make("div", { className: "combo" });
		const list = make("ul", { className: "combo-list", id, hidden: true });
		const said = make("p", { className: "vh" });
		let items = [];
		let at = -1;
		let asked = 0;
		input.replaceWith(box);
		box.append(input, list, said);
		list.setAttribute("role", "listbox");
		list.setAttribute("aria-label", input.labels[0]?.textContent || input.name);
		said.setAttribute("role", "status");
		if (input.type === "search") { // a search box may not have this role
			input.type = "text";
			input.enterKeyHint = "search";
		}
		for (const [k, v] of Object.entries({
			role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id,
		})) {
			input.setAttribute(k, v);
		}
		const mark = (n) => {
			at = n;
			[...list.children].forEach((li, i) => li.setAttribute("aria-selected", i === n));
			if (n < 0) {
				input.removeAttribute("aria-activedescendant");
			} else {
				input.setAttribute("aria-activedescendant", list.children[n].id);
				list.children[n].scrollIntoView({ block: "nearest" });
			}
		};
		const show = (on) => {
			list.hidden = !on;
			input.setAttribute("aria-expanded", on);
			if (!on) mark(-1);
		};
		const choose = (n) => {
			if (items[n].url) { // a suggestion of the search leads to its page
				location.href = items[n].url;
				return;
			}
			input.value = `${items[n].name} (${items[n].code})`;
			show(false);
			said.textContent = "";
			input.dispatchEvent(new Event("change", { bubbles: true }));
		};
		const ask = later(async () => {
			const q = input.value.trim();
			const mine = ++asked;
			if (q.length < 2) return show(false);
			try {
				const answer = await fetch(endpoint + "?q=" + encodeURIComponent(q));
				const found = answer.ok ? await answer.json() : [];
				if (mine !== asked || document.activeElement !== input) return;
				items = found;
				list.replaceChildren(...items.map((it, i) => {
					const li = make("li", { id: `${id}-${i}` }, make("span", { textContent: it.name }),
						make("span", { className: "muted small", textContent: it.detail || "" }));
					li.setAttribute("role", "option");
					return li;
				}));
				show(items.length > 0);
				said.textContent = items.length ? count.replace("%d", items.length) : none;
			} catch {
				show(false);
			}
		}, 120);
		input.addEventListener("input", ask);
		input.addEventListener("keydown", (e) => {
			const n = items.length;
			if (e.key === "Escape" && !list.hidden) {
				show(false);
				e.preventDefault();
			} else if ((e.key === "ArrowDown" || e.key === "ArrowUp") && n) {
				e.preventDefault();
				if (list.hidden) show(true);
				mark(e.key === "ArrowDown" ? (at + 1) % n : (at - 1 + n) % n);
			} else if (e.key === "Enter" && at >= 0) {
				e.preventDefault();
				choose(at);
			}
		});
		list.addEventListener("mousedown", (e) => e.preventDefault());
		list.addEventListener("click", (e) => {
			const n = [...list.children].indexOf(e.target.closest("li"));
			if (n >= 0) choose(n);
		});
		input.addEventListener("blur", () => {
			asked++;
			show(false);
		});
	}

	/* Duplicates: what the server finds close to this name, shown under the field. */
	function duplicates(input) {
		const out = make("div", { className: "notice notice-wait near", hidden: true });
		const live = make("div");
		live.setAttribute("aria-live", "polite");
		live.append(out);
		(input.closest(".field") || input).append(live);
		let asked = 0;
		const place = input.form?.elements.namedItem("territory");
		const ask = later(async () => {
			const mine = ++asked;
			const name = input.value.trim();
			let text = "";
			if (name.length > 3) {
				const query = new URLSearchParams({ name, territory: place?.value || "" });
				try {
					const answer = await fetch(input.dataset.duplicates + "?" + query);
					text = answer.ok ? (await answer.text()).trim() : "";
				} catch {
					text = "";
				}
			}
			if (mine !== asked) return;
			out.innerHTML = text && `<div>${text}</div>`;
			out.hidden = !text;
		}, 400);
		input.addEventListener("input", ask);
		place?.addEventListener?.("change", ask);
	}

	/* Unsent text is kept in this tab until the form is sent; files and secrets are not. */
	function autosave(form) {
		const key = "form:" + form.dataset.autosave;
		const fields = () => [...form.elements].filter((f) => f.name && !f.closest("[data-nosave]") &&
			!["password", "file", "hidden", "submit", "button"].includes(f.type));
		const read = () => fields().map((f) => [f.name, f.value, /box|radio/.test(f.type) ? +f.checked : -1]);
		const first = JSON.stringify(read());
		let kept = null;
		try {
			kept = sessionStorage.getItem(key);
		} catch {
			return;
		}
		const old = kept && kept !== first && !form.querySelector("[aria-invalid]") ? JSON.parse(kept) : null;
		if (old) {
			for (const box of all("[data-repeat]", form)) {
				box.grow?.((name) => old.filter((o) => o[0] === name).length);
			}
			const left = [...old];
			for (const f of fields()) {
				const i = left.findIndex((o) => o[0] === f.name && (o[2] < 0 || o[1] === f.value));
				if (i < 0) continue;
				const [[, value, on]] = left.splice(i, 1);
				if (on < 0) {
					f.value = value;
				} else {
					f.checked = on === 1;
				}
			}
			const drop = make("button", { type: "button", className: "btn btn-small", textContent: form.dataset.discard });
			const note = make("div", { className: "notice notice-ok" },
				make("div", {}, make("p", { textContent: form.dataset.restored }), drop));
			note.setAttribute("role", "status");
			form.prepend(note);
			drop.addEventListener("click", () => {
				sessionStorage.removeItem(key);
				form.dataset.dropped = "1";
				location.reload();
			});
		}
		const save = () => {
			if (form.dataset.dropped) return;
			try {
				sessionStorage.setItem(key, JSON.stringify(read()));
			} catch {
				/* a full store only means that nothing is kept */
			}
		};
		form.addEventListener("input", later(save, 300));
		form.addEventListener("change", save);
		addEventListener("pagehide", () => {
			if (JSON.stringify(read()) !== first && !form.dataset.sent) save();
		});
		form.addEventListener("submit", () => {
			form.dataset.sent = "1";
			save();
			try {
				sessionStorage.setItem("sent", key);
			} catch {
				/* a full store only means that nothing is kept */
			}
		});
	}
	/* A page that says "done" on top, after a form was sent: its text need not come back. */
	try {
		const sent = sessionStorage.getItem("sent");
		if (sent && document.querySelector("main > .notice-ok[role=status]")) sessionStorage.removeItem(sent);
		sessionStorage.removeItem("sent");
	} catch {
		/* nothing was kept */
	}
	/* The page that follows a form sent well names what may be forgotten. */
	for (const el of all("[data-saved]")) {
		try {
			sessionStorage.removeItem("form:" + el.dataset.saved);
		} catch {
			/* nothing was kept */
		}
	}

	/* Rows: a new one is a copy of the last, emptied, its numbers raised by one. */
	function repeat(box) {
		const { add, remove, max = 20 } = box.dataset;
		const rows = () => [...box.children].filter((el) => el.classList.contains("repeat-row"));
		const more = make("button", { type: "button", className: "btn btn-small", textContent: add });
		const bin = (row) => {
			const b = make("button", { type: "button", className: "btn btn-quiet btn-small", textContent: remove });
			b.addEventListener("click", () => {
				const list = rows();
				const n = list.indexOf(row);
				row.remove();
				more.hidden = false;
				(rows()[n] || rows()[n - 1])?.querySelector("input, select, textarea")?.focus();
				if (!rows().length) more.focus();
				box.dispatchEvent(new Event("change", { bubbles: true }));
			});
			row.append(b);
		};
		const pattern = [...box.children].find((el) => el.tagName === "TEMPLATE");
		const blank = pattern ? pattern.content.firstElementChild : rows().at(-1)?.cloneNode(true);
		if (!blank) return;
		const grow = () => {
			const row = blank.cloneNode(true);
			const top = Math.max(0, ...[...all("[name]", box)].map((f) => +(/\d+/.exec((f.name || "") + " " + f.id)?.[0] ?? 0)));
			const raise = (s) => s.replace(/(^|\s)(\D*)\d+/g, `$1$2${top + 1}`);
			for (const el of [row, ...all("*", row)]) {
				for (const a of ["id", "for", "name", "aria-describedby"]) {
					if (el.hasAttribute(a)) el.setAttribute(a, raise(el.getAttribute(a)));
				}
				const label = el.getAttribute("aria-label");
				if (label) el.setAttribute("aria-label", label.replace(/\d+$/, rows().length + 1));
				if (/^(INPUT|TEXTAREA)$/.test(el.tagName)) {
					if (/box|radio/.test(el.type)) {
						el.checked = el.defaultChecked = false;
					} else if (el.type !== "hidden") {
						el.value = "";
						el.defaultValue = "";
					}
				}
				if (el.tagName === "SELECT") el.selectedIndex = 0;
			}
			more.before(row);
			bin(row);
			for (const input of all("[data-territory-search]", row)) combobox(input);
			more.hidden = rows().length >= +max;
			return row;
		};
		rows().forEach(bin);
		/* The server's own way of adding a row, for those without script. */
		for (const old of all('[name="add_row"]', box.parentElement)) old.hidden = true;
		box.append(more);
		more.addEventListener("click", () => grow().querySelector("input, select, textarea")?.focus());
		more.hidden = rows().length >= +max;
		box.grow = (wanted) => {
			for (let i = 0; i < +max; i++) {
				const row = grow();
				const here = (name) => [...all("[name]", box)].filter((f) => f.name === name).length;
				if (![...all("[name]", row)].some((f) => wanted(f.name) >= here(f.name))) {
					row.remove();
					break;
				}
			}
		};
	}

	for (const box of all("[data-repeat]")) repeat(box);
	for (const form of all("form[data-autosave]")) autosave(form);
	for (const input of all("[data-territory-search], [data-suggest]")) if (!input.closest(".combo")) combobox(input);
	for (const input of all("[data-duplicates]")) duplicates(input);

	/* Filters: the results change in place, the reader stays where they are. */
	for (const form of all("form[data-autosubmit]")) {
		const said = make("p", { className: "vh" });
		said.setAttribute("role", "status");
		form.after(said);
		let asked = 0;
		form.addEventListener("change", async () => {
			const mine = ++asked;
			const data = [...new FormData(form)].filter(([, v]) => typeof v === "string" && v !== "");
			const url = form.getAttribute("action") + "?" + new URLSearchParams(data);
			try {
				const answer = await fetch(url, { headers: { Accept: "text/html" } });
				const page = new DOMParser().parseFromString(await answer.text(), "text/html");
				if (mine !== asked) return;
				const fresh = page.querySelector("#results");
				if (!answer.ok || !fresh) throw new Error("no results");
				document.querySelector("#results").replaceWith(fresh);
				const map = document.querySelector(".map-side .minimap");
				const there = page.querySelector(".map-side .minimap");
				if (map && there) map.replaceWith(there);
				const counts = new Map([...all("form[data-autosubmit] .check", page)].map((el) => {
					const field = el.querySelector("input");
					return [field.name + "=" + field.value, el.querySelector(".count")?.textContent];
				}));
				for (const el of all(".check", form)) {
					const field = el.querySelector("input");
					const count = el.querySelector(".count");
					if (count) count.textContent = counts.get(field.name + "=" + field.value) ?? "0";
				}
				history.replaceState(null, "", url + location.hash);
				said.textContent = fresh.querySelector("h2")?.textContent || "";
			} catch {
				form.requestSubmit();
			}
		});
	}
	for (const button of all("[data-copy]")) {
		button.hidden = false;
		button.addEventListener("click", async () => {
			const from = document.querySelector(button.dataset.copy);
			await navigator.clipboard.writeText(from.value ?? from.textContent);
			button.textContent = button.dataset.copied;
		});
	}
	for (const button of all("[data-print]")) {
		button.hidden = false;
		button.addEventListener("click", () => print());
	}
	/* One submit at a time; coming back by the browser's history frees the form again. */
	addEventListener("submit", (e) => {
		const form = e.target;
		if (form.method !== "post" || e.defaultPrevented) return;
		if (form.dataset.busy) {
			e.preventDefault();
		} else {
			form.dataset.busy = "1";
		}
	});
	addEventListener("pageshow", () => {
		for (const form of all("form[data-busy]")) delete form.dataset.busy;
	});

	/* Small sheets close by Escape, by a click elsewhere, and one at a time. */
	const pops = () => all("details.pop[open]");
	addEventListener("click", (e) => {
		for (const d of pops()) if (!d.contains(e.target)) d.open = false;
	});
	addEventListener("keydown", (e) => {
		if (e.key !== "Escape") return;
		for (const d of pops()) {
			d.open = false;
			d.querySelector("summary").focus();
		}
	});
	/* Whoever sent a form with mistakes is taken to the list of them. */
	document.querySelector(".side-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
	document.querySelector(".error-summary")?.focus();
})();
