#!/usr/bin/env python3
"""The figures that Maillage promises, measured on the program as it is installed: commands and pages, through their processes
and sockets. figures.py BUILD [SIZE...]. Times are CPU time of the server's process, as the kernel counts it (schedstat); where
that says nothing, the time of day. Databases stay in BUILD/bench, so that a second run only reads; remove that folder to
measure imports again. Needs nothing but Python."""
import gzip
import http.client
import json
import os
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse

build = os.path.abspath(sys.argv[1])
sizes = [int(n) for n in sys.argv[2:]] or [10000, 100000, 1000000]
tree = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
maillage = os.path.join(build, "maillage")
kept = os.path.join(build, "bench")
within = over = 0
os.makedirs(kept, exist_ok=True)


def tell(what, value, unit, most=None, least=None):
    """One line: what was measured, its bound, and whether it holds."""
    global within, over
    bound, verdict = "", ""
    if most is not None or least is not None:
        good = value <= most if most is not None else value >= least
        bound = f"at most {most:g}" if most is not None else f"at least {least:g}"
        verdict = "PASS" if good else "OVER"
        within, over = within + good, over + (not good)
    print(f"  {what:<46} {value:>10.1f} {unit:<12} {bound:<18} {verdict}", flush=True)


def run(*args, out=subprocess.DEVNULL):
    """Runs to the end: seconds by the clock, seconds of CPU, MB resident at most."""
    begin = time.monotonic()
    child = subprocess.Popen(args, stdout=out, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    # 65: read to the end, and some rows were refused
    if child.returncode not in (0, 65):
        sys.exit(f"{' '.join(args)}: ended with {child.returncode}")
    return time.monotonic() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def themes_table(path):
    with open(os.path.join(tree, "demo", "themes.json"), encoding="utf-8") as f:
        themes = json.load(f)
    with open(path, "w", encoding="utf-8") as f:
        f.write("slug;parent;fr;en;es;pt;ar\n")
        for t in themes:
            f.write(";".join([t["slug"], t["parent"] or ""] + [t["names"][k] for k in ("fr", "en", "es", "pt", "ar")]) + "\n")


def make_data(count):
    """The network of `count` actors, imported unless it was before; what the import cost."""
    data, note = os.path.join(kept, str(count)), os.path.join(kept, f"{count}.json")
    if os.path.exists(note):
        with open(note, encoding="utf-8") as f:
            return data, json.load(f), False
    shutil.rmtree(data, ignore_errors=True)
    themes, table = os.path.join(kept, "themes.csv"), os.path.join(kept, "network.csv")
    themes_table(themes)
    with open(table, "wb") as f:
        subprocess.run([os.path.join(build, "tests", "make_network"), str(count)], stdout=f, check=True)
    run(maillage, "import", "themes", themes, "--data", data)
    wall, cpu, rss = run(maillage, "import", "actors", table, "--data", data)
    again = run(maillage, "import", "actors", table, "--data", data)[0] if count <= 100000 else None
    os.remove(table)
    cost = {"wall": wall, "cpu": cpu, "rss": rss, "again": again}
    with open(note, "w", encoding="utf-8") as f:
        json.dump(cost, f)
    return data, cost, True


class Server:
    """`maillage serve` on a port of its own, and what its requests cost."""

    def __init__(self, data):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("127.0.0.1", int(os.environ.get("BENCH_PORT", "0"))))
        self.port = s.getsockname()[1]
        s.close()
        self.begin = time.monotonic()
        self.process = subprocess.Popen([maillage, "serve", "--data", data, "--listen", f"127.0.0.1:{self.port}", "--quiet"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.link = None

    def wait(self, path):
        while True:
            try:
                status, _ = self.get(path)
                if status == 200:
                    return time.monotonic() - self.begin
            except OSError:
                self.link = None
            if self.process.poll() is not None or time.monotonic() - self.begin > 120:
                sys.exit("the server does not answer")
            time.sleep(0.005)

    def get(self, path, encoding=None):
        if not self.link:
            self.link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.link.request("GET", urllib.parse.quote(path, safe="/?&=+,%.-_"), headers={"Accept-Encoding": encoding} if encoding else {})
        answer = self.link.getresponse()
        return answer.status, answer.read()

    def cpu(self):
        """Microseconds of CPU that its threads used so far."""
        total = 0
        folder = f"/proc/{self.process.pid}/task"
        for task in os.listdir(folder):
            try:
                with open(f"{folder}/{task}/schedstat", encoding="ascii") as f:
                    total += int(f.read().split()[0])
            except FileNotFoundError:
                pass
        return total / 1000

    def resident(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as f:
            return int(re.search(r"VmRSS:\s+(\d+)", f.read())[1]) / 1024

    def cost(self, paths, encoding=None):
        """For each path: CPU, time of day in microseconds, bytes of the answer."""
        out = []
        for path in paths:
            a, t = self.cpu(), time.monotonic()
            status, body = self.get(path, encoding)
            t = (time.monotonic() - t) * 1e6
            if status != 200:
                sys.exit(f"{path}: {status}")
            out.append((self.cpu() - a, t, len(body), path))
        return out

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


    def together(self, paths):
        """Microseconds of CPU a path, asked one after the other."""
        paths = list(paths)
        for path in paths[:10]:
            self.get(path + "w")
        begin = self.cpu()
        for path in paths:
            if self.get(path)[0] != 200:
                sys.exit(f"{path}: not answered")
        return (self.cpu() - begin) / len(paths)


def share(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))]


# ---- what is asked ----

words = {
    "often": "accueil personnes familles aide droits ville welcome refugees support acogida personas acolhimento pessoas".split(),
    "seldom": "bagagerie vaccination parrainage covoiturage counselling sponsorship lavandería recogida habitação recolha".split(),
}
towns = "38185 26108 69123 13055 31555 44109 67482 33063 35238 59350 34172 06088 76540 21231 49007 63113 87085 80021".split()
departments = "01 13 26 31 33 34 35 38 44 49 59 63 67 69 75 76 87".split()
themes = "housing health rights work culture".split()
kinds = "association collective network municipality union informal".split()


def list_pages(rnd, how, count):
    """Addresses of pages of twenty, no two the same, so that none is kept. A parameter that the site does not know tells them
    apart where filters do not."""
    for i in range(count):
        mark = f"x={i}" + re.sub(r"[^a-z]", "", how)
        yield {
            "all": f"/fr/directory?{mark}",
            "newest": f"/fr/directory?sort=new&{mark}",
            "theme": f"/fr/directory?theme={rnd.choice(themes)}&{mark}",
            "two themes": f"/fr/directory?theme={rnd.choice(themes)}&theme={rnd.choice(themes)}&{mark}",
            "theme, kind": f"/fr/directory?theme={rnd.choice(themes)}&kind={rnd.choice(kinds)}&{mark}",
            "département": f"/fr/directory?territory={rnd.choice(departments)}&{mark}",
            "town": f"/fr/directory?territory={rnd.choice(towns)}&{mark}",
            "theme, département": f"/fr/directory?theme={rnd.choice(themes)}&territory={rnd.choice(departments)}&{mark}",
            "words": f"/fr/directory?q={rnd.choice(words['often'])}+{rnd.choice(words['seldom'])}&{mark}",
            "a common word": f"/fr/directory?q={rnd.choice(words['often'])}&{mark}",
        }[how]


def deep_pages(server, count):
    """The pages one comes to by "next", from the first on."""
    path, out, seen = "/fr/directory?x=deep", [], set()
    for _ in range(count):
        body = server.get(path)[1].decode()
        links = [n.replace("&amp;", "&") for n in re.findall(r'href="(/fr/directory[^"]*[?&;]after=[^"]*)"', body)]
        links = [n for n in links if n not in seen]
        if not links:
            break
        path = links[-1]
        seen.add(path)
        out.append(path + "&x=deep")
    return out


def map_paths(rnd, more, count):
    for i in range(count):
        zoom = rnd.randrange(14)
        width = 360 * 1400 / 512 / 2**zoom
        lon, lat = rnd.uniform(-4, 8), rnd.uniform(42.5, 50.5)
        box = (max(-180, lon - width / 2), max(-85, lat - width / 4), min(180, lon + width / 2), min(85, lat + width / 4))
        yield "/fr/map/data?bbox=%.4f,%.4f,%.4f,%.4f&zoom=%d&layers=actors%s&x=%d" % (*box, zoom, more, i)


def searches(rnd, count):
    """What people type: a word, two, three, the beginning of one, one with a slip; in a theme or a territory at times."""
    for i in range(count):
        a, b, c = rnd.choice(words["often"]), rnd.choice(words["often"]), rnd.choice(words["seldom"])
        q = [a, c, f"{a}+{b}", f"{a}+{c}", f"{a}+{b}+{c}", a[:3], c[:4], a[:2] + "x" + a[2:], f"collectif+{a}"][i % 9]
        more = ["", "", "", f"&theme={rnd.choice(themes)}", f"&territory={rnd.choice(departments)}"][rnd.randrange(5)]
        yield f"/fr/search?q={q}{more}&x={i}"


# ---- one size ----

lists = {}


def measure_lists(server, count):
    rnd = random.Random(1)
    for how in ("all", "newest", "theme", "two themes", "theme, kind", "département", "town", "theme, département", "words",
                "a common word"):
        cost = server.together(list_pages(rnd, how, 200))
        lists[(how, count)] = cost
        tell(f"list page: {how}", cost, "us CPU", most=200 if count == 100000 and "word" not in how else None)
        if count > 10000 and (how, 10000) in lists:
            tell(f"list page: {how}, to that at 10,000", cost / lists[(how, 10000)], "times", most=1.3)
    deep = deep_pages(server, 60)
    if deep:
        tell(f"list page: the {len(deep)} that follow", server.together(deep), "us CPU", most=200 if count == 100000 else None)


def measure_map(server, count):
    rnd = random.Random(2)
    for name, more in (("all", ""), ("a theme", "&theme=housing"), ("a territory", "&territory=26"),
                       ("words", "&q=accueil+familles"), ("a common word", "&q=accueil")):
        costs = server.cost(map_paths(rnd, more, 120))
        packed = [len(gzip.compress(server.get(c[3])[1], 6)) for c in sorted(costs, key=lambda c: -c[2])[:10]]
        tell(f"map, {name}: 99 of 100", share([c[0] for c in costs], 0.99) / 1000, "ms CPU", most=5)
        tell(f"map, {name}: largest answer", max(packed) / 1024, "KB, gzip", most=30)


def measure_search(server, count):
    costs = server.cost(searches(random.Random(3), 400))[20:]
    tell("search page with facets: half", share([c[0] for c in costs], 0.5) / 1000, "ms CPU")
    tell("search page with facets: 99 of 100", share([c[0] for c in costs], 0.99) / 1000, "ms CPU", most=20)
    worst = max(costs)
    tell("search page with facets: worst", worst[0] / 1000, "ms CPU")
    print(f"    ({worst[3]})")


def measure(count):
    print(f"\n{count:,} actors")
    data, cost, fresh = make_data(count)
    if not fresh:
        print("  (imported by an earlier run)")
    tell("import: CSV, history, search, duplicate watch", count / cost["wall"], "rows/s", least=10000)
    tell("import: the same, CPU", cost["cpu"] / count * 1e6, "us a row", most=100)
    tell("import: memory", cost["rss"], "MB", most=150)
    for form in ("csv", "geojson"):
        wall, cpu, _ = run(maillage, "export", "actors", "--format", form, "--data", data)
        tell(f"export: {form}", count / wall, "rows/s", least=100000 if count >= 100000 else None)
        tell(f"export: {form}, CPU", cpu / count * 1e6, "us a row")
    server = Server(data)
    try:
        tell("start to first page", server.wait("/fr/directory"), "s", most=1)
        server.wait("/fr/map/data?bbox=0,40,10,50&zoom=6&layers=actors")
        time.sleep(1)
        tell("resident memory at rest", server.resident(), "MB", most={100000: 40, 1000000: 200}.get(count))
        measure_lists(server, count)
        measure_map(server, count)
        measure_search(server, count)
        tell("resident memory after all that", server.resident(), "MB")
    finally:
        server.stop()


def measure_home():
    """The first visit: the page and all it names, as a browser asks for them."""
    print("\nThe home page of the demonstration")
    data = os.path.join(kept, "demo")
    if not os.path.exists(data):
        run(maillage, "demo", "--data", data)
    server = Server(data)
    try:
        server.wait("/fr/")
        total = 0
        body = server.get("/fr/")[1].decode()
        named = set(re.findall(r'src="(/[^"#]*)', body)) | set(re.findall(r'<use href="(/[^"#]*)', body))
        for link in re.findall(r"<link[^>]*>", body):
            if re.search(r'rel="(stylesheet|icon|preload)"', link):
                named.add(re.search(r'href="([^"#]*)"', link)[1])
        for sheet in [n for n in named if n.endswith(".css")]:
            named |= set(re.findall(r"url\(['\"]?(/[^)'\"#]*\.woff2)", server.get(sheet)[1].decode()))
        for path in sorted(named | {"/fr/"}):
            n = len(server.get(path, "br, gzip")[1])
            total += n
        tell("first visit, compressed, all included", total / 1024, "KB", most=50)
        print(f"    ({len(named)} files beside the page)")
    finally:
        server.stop()


for size in sizes:
    measure(size)
measure_home()
print(f"\n{within} within their bounds, {over} over")
