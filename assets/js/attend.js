/* At the door: what is pressed without a connection waits in the telephone and is sent when it is back. */
"use strict";
(function () {
	var place = location.pathname, key = "attend:" + place;
	var note = document.querySelector("[data-waiting]");

	function waiting() {
		try { return JSON.parse(localStorage.getItem(key)) || []; } catch (e) { return []; }
	}
	function keep(list) {
		try { localStorage.setItem(key, JSON.stringify(list)); } catch (e) { /* no room: the server answers on the next press */ }
		if (note) { note.hidden = list.length === 0; }
	}
	function send(body) {
		return fetch(place, { method: "POST", body: new URLSearchParams(body), redirect: "manual", credentials: "same-origin" });
	}
	function flush() {
		var list = waiting();

		if (!list.length) { keep(list); return Promise.resolve(); }
		return send(list[0]).then(function () { keep(waiting().slice(1)); return flush(); }, function () { keep(waiting()); });
	}
	document.querySelectorAll("form[data-attend]").forEach(function (form) {
		form.addEventListener("submit", function (e) {
			var body = new URLSearchParams(new FormData(form)).toString(), button = form.querySelector("button");

			e.preventDefault();
			send(body).then(function () { location.reload(); }, function () {
				keep(waiting().concat([body]));
				button.disabled = true;
			});
		});
	});
	window.addEventListener("online", flush);
	flush();
})();
