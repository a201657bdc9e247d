# SPDX-License-Identifier: Apache-2.0
"""The page in headless Chromium. Usage: page_test.py REPORT_BENCH [FOLDER for screenshots and PDF].
Exit code 77: there is no Chromium."""
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

import chromium

HERE = pathlib.Path(__file__).parent
BENCH = sys.argv[1]
MAX_BYTES = 20_000_000

# The jobs table as a list of lists.
ROWS = "[...document.querySelectorAll('#jobs-table tbody tr')].map(tr => [...tr.cells].map(td => td.textContent))"


def make(file, points, seeds):
    subprocess.run([BENCH, "--points", str(points), "--seeds", str(seeds), "--only-make", "--out", file],
                   check=True, stdout=subprocess.DEVNULL)
    return file


class WithPage(unittest.TestCase):
    """One browser for all tests, the page opened again for each."""
    points, seeds = 216, 3

    @classmethod
    def setUpClass(cls):
        cls.browser = chromium.Browser(chromium.find())
        cls.addClassCleanup(cls.browser.__exit__)
        cls.file = make(os.path.join(OUT, f"page-{cls.points}.html"), cls.points, cls.seeds)

    def setUp(self):
        self.page = self.browser.open(self.file)

    def tearDown(self):
        self.assertEqual(self.page.problems, [])
        self.page.call("Page.close")

    def eval(self, script):
        return self.page.eval(script)

    def choose(self, control, value):
        self.eval(f"{{const e = document.getElementById('{control}'); e.value = {value!r};"
                  "e.dispatchEvent(new Event(e.tagName == 'SELECT' ? 'change' : 'input', {bubbles: true}))}")
        self.assertEqual(self.eval(f"document.getElementById('{control}').value"), value)
        self.page.frame()

    def text(self, element):
        return self.eval(f"document.getElementById('{element}').textContent")

    def go(self, section):
        self.eval(f"document.getElementById('{section}').scrollIntoView()")
        self.page.frame()
        self.page.frame()

    def drawn(self, canvas):
        """Pixels of a chart that are not empty."""
        return self.eval(f"(() => {{const c = document.getElementById('{canvas}');"
                         "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
                         "let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n})()")

    def focused(self):
        return self.eval("(e => e.getAttribute('aria-label') || e.id || e.textContent)(document.activeElement)")


class SmallPage(WithPage):
    def test_summary(self):
        tiles = self.eval("Object.fromEntries([...document.querySelectorAll('#tiles li')]"
                          ".map(li => [li.lastChild.textContent, li.firstChild.textContent]))")
        self.assertEqual((tiles["jobs"], tiles["points"], tiles["rules never hit"]), ("648", "216", "3"))
        self.assertEqual(int(tiles["passed"]) + int(tiles["not passed"]), 648)
        self.assertEqual(self.text("filter-count"), "648 of 648 jobs shown")
        self.assertTrue(self.eval("document.getElementById('partial').hidden"))

    def test_filters(self):
        self.choose("filter-verdict", "timeout")
        timeouts = int(self.text("filter-count").split()[0])
        self.assertTrue(0 < timeouts < 100)
        self.go("jobs")
        rows = self.eval(ROWS)
        self.assertEqual({row[1] for row in rows}, {"timeout"})
        self.assertEqual(len(rows), min(25, timeouts))
        self.eval("document.getElementById('filter-clear').click()")
        self.choose("filter-platform.cores", "2")
        self.assertEqual(self.text("filter-count"), "162 of 648 jobs shown")
        self.choose("filter-text", "seed=1, hops.esb.latency_ns=50.0")
        self.assertEqual(self.text("filter-count"), "18 of 648 jobs shown")
        self.eval("document.querySelector('[aria-label=\"pause_us from\"]').value = 0.6")
        self.eval("document.querySelector('[aria-label=\"pause_us from\"]').dispatchEvent(new Event('input'))")
        self.assertTrue(0 < int(self.text("filter-count").split()[0]) < 18)
        self.choose("filter-text", "no such job")
        self.assertEqual(self.text("filter-count"), "0 of 648 jobs shown")
        for section in ("points", "metric", "heat", "hops", "trend", "jobs"):
            self.go(section)  # nothing to draw is no error
        self.eval("document.getElementById('filter-clear').click()")
        self.assertEqual(self.text("filter-count"), "648 of 648 jobs shown")

    def test_sorting_and_pages(self):
        self.go("jobs")
        metric = "ipi.source_to_exception.median (ns)"
        click = f"[...document.querySelectorAll('#jobs-table th button')].find(b => b.textContent.startsWith('{metric}')).click()"
        place = self.eval(f"[...document.querySelectorAll('#jobs-table th button')].findIndex(b => b.textContent.startsWith('{metric}'))")
        for down in (False, True):
            self.eval(click)
            values = [float(row[place].replace(",", "")) for row in self.eval(ROWS)]
            self.assertEqual(values, sorted(values, reverse=down))
            self.assertEqual(self.eval(f"document.querySelectorAll('#jobs-table th')[{place}].ariaSort"),
                             "descending" if down else "ascending")
        self.assertEqual(self.eval("document.activeElement.textContent"), f"{metric} ▼", "the focus stays")
        first = self.eval(ROWS)[0]
        self.eval("document.getElementById('page-next').click()")
        self.assertEqual(self.text("page-text"), "26 to 50 of 648, page 2 of 26")
        self.assertNotEqual(self.eval(ROWS)[0], first)
        self.eval("document.getElementById('page-last').click()")
        self.assertEqual(len(self.eval(ROWS)), 648 % 25)
        self.assertTrue(self.eval("document.getElementById('page-next').disabled"))

    def test_points_by_mouse(self):
        self.assertEqual(self.eval("document.querySelectorAll('#points-table .point').length"), 216)
        self.choose("points-x", "platform.hops.esb.latency_ns")
        self.choose("points-y", "platform.tima_period_ps")
        self.assertEqual(self.eval("document.querySelectorAll('#points-table .field').length"), 6)
        self.eval("document.querySelector('#points-table .point').click()")
        self.assertEqual(self.text("filter-count"), "3 of 648 jobs shown; one point")

    def test_points_by_keyboard(self):
        self.eval("document.getElementById('points-y').focus()")
        self.page.key("Tab")
        self.assertRegex(self.focused(), "^cores 1, hops.esb.latency_ns 50.0: ")
        self.assertGreater(self.eval("parseFloat(getComputedStyle(document.activeElement).outlineWidth)"), 1)
        self.page.key("ArrowRight")
        self.page.key("ArrowDown")
        self.assertRegex(self.focused(), "^cores 2, hops.esb.latency_ns 100.0: ")
        self.page.key("Enter")
        self.assertRegex(self.text("filter-count"), "^54 of 648 jobs shown; cores 2, hops.esb.latency_ns 100.0$")
        self.assertEqual(self.eval("document.activeElement.id"), "jobs")

    def test_heat_map(self):
        self.go("heat")
        self.choose("metric-name", "latency.ipi.stations.present.median_ns")
        self.choose("heat-x", "platform.hops.presenter.latency_ns")
        self.choose("heat-y", "platform.tima_period_ps")
        cells = self.eval("[...document.querySelectorAll('#heat-table tbody td')].map(td => [td.textContent, td.style.background])")
        self.assertEqual(len(cells), 6)
        self.assertEqual(len({colour for _, colour in cells}), 6)
        means = [float(value) for value, _ in cells]
        self.assertEqual(means[:3], sorted(means[:3]), "a slower presenter is slower")
        self.choose("heat-of", "largest")
        self.assertIn("The largest of latency.ipi", self.text("heat-summary"))
        self.choose("heat-y", "run.pause_us")
        self.assertEqual(self.eval("document.querySelectorAll('#heat-table tbody tr').length"), 12, "many values: ranges")

    def test_charts_and_their_tables(self):
        for section in ("metric", "hops", "trend"):
            self.go(section)
        for name in ("distribution", "over", "hops", "percentiles", "trend"):
            self.assertGreater(self.drawn(f"chart-{name}"), 2000, name)
            self.assertGreater(len(self.eval(f"document.getElementById('chart-{name}').ariaLabel")), 30)
            rows = f"document.querySelectorAll('figure:has(#chart-{name}) details tbody tr').length"
            self.assertEqual(self.eval(rows), 0)
            self.eval(f"document.querySelector('figure:has(#chart-{name}) details').open = true")
            self.page.frame()
            self.assertGreater(self.eval(rows), 2, name)
        self.assertEqual(self.eval(rows), 30, "batches of the trend")
        self.go("metric")
        self.choose("metric-by", "platform.cores")
        self.assertIn("one line for each cores", self.text("over-caption"))

    def test_failures_lead_to_capsules_and_commands(self):
        first = "document.querySelector('#failure-list details')"
        self.assertIn("expected latency.ipi.source_to_exception.", self.eval(f"{first}.querySelector('summary').textContent"))
        capsule = self.eval("document.querySelector('#failure-list a').getAttribute('href')")
        self.assertRegex(capsule, r"^jobs/\d{6}/capsule-1/$")
        self.assertRegex(self.eval(f"{first}.querySelector('code').textContent"),
                         r"^cd jobs/\d{6} && xive-cosim run --config config.yaml")
        jobs = int(self.eval(f"{first}.querySelector('summary b').textContent").split()[0])
        self.eval(f"[...{first}.querySelectorAll('button')].pop().click()")
        self.assertTrue(self.text("filter-count").startswith(f"{jobs} of 648 jobs shown; fail: expected"))

    def test_rules(self):
        self.assertIn("3 of 128 rules never had a chance", self.text("rules-summary"))
        self.eval("document.getElementById('rules-never').click()")
        self.assertEqual(self.text("rules-count"), "4 of 128 rules")
        self.assertEqual(self.eval("document.querySelectorAll('#rules-table tr.never').length"), 3)

    def test_one_job(self):
        self.go("jobs")
        self.eval("document.querySelector('#jobs-table .plain').focus()")
        self.page.key("Enter")
        self.assertTrue(self.eval("document.getElementById('job').open"))
        self.assertIn("xive-cosim report trace . 000000 --out trace.json", self.text("job"))
        self.assertGreater(self.eval("document.querySelectorAll('#job tr').length"), 300)
        self.page.key("Escape")
        self.assertFalse(self.eval("document.getElementById('job').open"))
        self.assertEqual(self.focused(), "000000", "the focus comes back")

    def test_nobody_is_kept_out(self):
        self.eval("document.querySelectorAll('details').forEach(d => d.open = true)")
        for section in ("points", "metric", "heat", "hops", "trend", "jobs"):
            self.go(section)
        self.assertEqual(self.eval((HERE / "audit.js").read_text()), [])

    def test_screenshots(self):
        for section in ("points", "metric", "heat", "hops", "failures", "rules", "trend", "jobs"):
            if section != "points":
                self.go(section)
            file = os.path.join(OUT, f"{section}.png")
            self.page.screenshot(file)
            with open(file, "rb") as image:
                head = image.read(24)
            self.assertEqual(struct.unpack(">II", head[16:24]), (1366, 768))
            self.assertGreater(os.path.getsize(file), 20_000)
        self.assertLessEqual(self.eval("document.documentElement.scrollWidth"), 1366, "nothing is cut off")

    def test_print(self):
        file = os.path.join(OUT, "page.pdf")
        self.page.pdf(file)
        pdf = pathlib.Path(file).read_bytes()
        self.assertTrue(pdf.startswith(b"%PDF-"))
        self.assertTrue(4 <= pdf.count(b"/Type /Page\n") <= 40, pdf.count(b"/Type /Page\n"))
        self.assertGreater(self.drawn("chart-trend"), 2000, "what was never scrolled to is drawn, too")


class OtherPages(unittest.TestCase):
    def open(self, text, name):
        file = pathlib.Path(OUT, name)
        file.write_text(text)
        with chromium.Browser(chromium.find()) as browser:
            page = browser.open(file)
            for section in ("points", "metric", "heat", "hops", "failures", "rules", "trend", "jobs"):
                page.eval(f"document.getElementById('{section}').scrollIntoView()")
                page.frame()
            banner = page.eval("(e => e.hidden ? '' : e.textContent)(document.getElementById('partial'))")
            self.assertEqual(page.problems, [])
            return banner

    def test_while_jobs_run(self):
        text = pathlib.Path(make(os.path.join(OUT, "some.html"), 20, 1)).read_text()
        text = text.replace('"planned":20', '"planned":48')
        text = text.replace('"unreadable":[]', '"unreadable":["000003: damaged"]')
        self.assertEqual(self.open(text, "some.html"),
                         "Not complete: 20 of 48 jobs. Results that cannot be read: 000003: damaged")

    def test_before_the_first_job_has_ended(self):
        text = pathlib.Path(make(os.path.join(OUT, "none.html"), 0, 1)).read_text()
        self.assertEqual(self.open(text.replace('"planned":0', '"planned":48'), "none.html"), "Not complete: 0 of 48 jobs.")

    def test_one_job_without_latencies(self):
        text = pathlib.Path(make(os.path.join(OUT, "one.html"), 1, 1)).read_text()
        self.assertEqual(self.open(text.replace('"latency.', '"other.'), "one.html"), "")


class LargePage(WithPage):
    points, seeds = 10_000, 1

    def test_10000_points(self):
        self.assertLess(os.path.getsize(self.file), MAX_BYTES)
        print(f"\n10,000 points: {os.path.getsize(self.file) / 1e6:.1f} MB, opened in {self.page.seconds:.2f} s", file=sys.stderr)
        self.assertEqual(self.eval("document.querySelectorAll('#points-table .point').length"), 10_000)
        self.choose("filter-platform.cores", "4")
        self.assertEqual(self.text("filter-count"), "2,500 of 10,000 jobs shown")
        for section in ("metric", "heat", "hops", "failures", "rules", "trend", "jobs"):
            self.go(section)
        self.assertIn("of 2,500, page 1 of 100", self.text("page-text"))


if __name__ == "__main__":
    if not chromium.find():
        print("skipped: no Chromium found (Debian: apt-get install chromium)")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        OUT = sys.argv[2] if len(sys.argv) > 2 else folder
        unittest.main(argv=sys.argv[:1], verbosity=2)
