"""End to end: the demo, the daemon, a real Prometheus, and the SQL's own answers beside them."""

import json
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.parse
import urllib.request

from harness import PATIENCE, ROOT, TIDEGAUGE, eventually, free_port


class PrometheusTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        for program in ("prometheus", "promtool"):
            if shutil.which(program) is None:
                print(f"SKIPPED: {program} is not installed: run scripts/setup --test")
                raise unittest.SkipTest(program)
        cls.directory = pathlib.Path(tempfile.mkdtemp(prefix="tidegauge-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.directory, ignore_errors=True)
        # The application stands still, so that two answers to one question are the same.
        cls.messages = open(cls.directory / "demo.log", "w+")
        cls.addClassCleanup(cls.messages.close)
        cls.demo = subprocess.Popen(
            [ROOT / "scripts" / "demo", "--no-traffic", "--directory", cls.directory / "demo"],
            stdout=subprocess.PIPE, stderr=cls.messages, stdin=subprocess.DEVNULL, text=True)
        cls.addClassCleanup(cls.stop, cls.demo)
        cls.address = cls.demo.stdout.readline().strip()
        text = pathlib.Path(cls.messages.name).read_text()
        assert cls.address.startswith("http://127.0.0.1:"), text
        # It says how to reach its database after it has said its address.
        found = eventually(lambda: re.search(r"psql -h '(.+)' -p (\d+)",
                                             pathlib.Path(cls.messages.name).read_text()))
        cls.socket, cls.pg_port = found[1], found[2]
        cls.config = cls.directory / "demo" / "config.yaml"

        port = free_port()
        (cls.directory / "prometheus.yml").write_text(
            "global: { scrape_interval: 1s }\nscrape_configs:\n- job_name: tidegauge\n  static_configs:\n"
            f"  - targets: ['{urllib.parse.urlsplit(cls.address).netloc}']\n")
        cls.prometheus_url = f"http://127.0.0.1:{port}"
        log = open(cls.directory / "prometheus.log", "w")
        cls.addClassCleanup(log.close)
        prometheus = subprocess.Popen(
            ["prometheus", f"--config.file={cls.directory}/prometheus.yml",
             f"--storage.tsdb.path={cls.directory}/tsdb", f"--web.listen-address=127.0.0.1:{port}"],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        cls.addClassCleanup(cls.stop, prometheus)
        eventually(lambda: cls.query("up{job='tidegauge'} == 1"), "Prometheus scrapes the demo")

    @staticmethod
    def stop(process):
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()
        if process.stdout:
            process.stdout.close()

    @classmethod
    def query(cls, expression):
        """The instant vector: a list of (labels, value)."""
        url = cls.prometheus_url + "/api/v1/query?" + urllib.parse.urlencode({"query": expression})
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                result = json.load(answer)["data"]["result"]
        except (urllib.error.URLError, ConnectionError):
            return []
        return [(r["metric"], float(r["value"][1])) for r in result]

    def sql(self, text):
        done = subprocess.run(
            ["psql", "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-h", self.socket, "-p", self.pg_port,
             "-U", "postgres", "-d", "demo"], input="SET TimeZone = 'UTC';\n" + text, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def described_queries(self):
        """What each file's columns are, as `check --database` tells it: [(file, settings, columns)]."""
        done = subprocess.run([TIDEGAUGE, "check", "--database", f"--config.file={self.config}"],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        queries, settings = {}, {}
        file = None
        for line in done.stdout.splitlines():
            if match := re.match(r"(/.*\.sql) on app: ", line):
                file = match[1]
                queries[file] = []
            elif match := re.match(r"(/.*\.sql): to run it", line):
                file = match[1]
            elif line.startswith("  SET "):
                settings.setdefault(file, []).append(line.strip())
            elif match := re.match(r"  (\S+) +.*? (label|value of (\S+))$", line):
                queries[file].append((match[1], match[3]))
        return [(f, settings.get(f, []), columns) for f, columns in queries.items()]

    def test_every_gauge_has_the_value_that_its_sql_gives(self):
        described = self.described_queries()
        files = sorted(str(p) for p in (ROOT / "queries").rglob("*.sql"))
        self.assertEqual(sorted(f for f, _, _ in described), files)
        compared = 0
        for file, settings, columns in described:
            statement = pathlib.Path(file).read_text().rstrip().rstrip(";")
            names = ", ".join(f'q."{column}"' for column, _ in columns)
            text = "\n".join(settings) + f"\nSELECT {names} FROM (\n{statement}\n) AS q;"
            labels = [(i, c) for i, (c, gauge) in enumerate(columns) if gauge is None]
            for i, (_, gauge) in enumerate(columns):
                if gauge is None:
                    continue
                with self.subTest(gauge=gauge):
                    def same():
                        expected = {tuple(row[j] for j, _ in labels): float(row[i])
                                    for row in self.sql(text) if row[i] != ""}
                        got = {tuple(l[c] for _, c in labels): v
                               for l, v in self.query(gauge)}
                        # Listed values without a row are 0.
                        got = {k: v for k, v in got.items() if v != 0 or k in expected}
                        return expected == got and (expected or labels)
                    # Windows slide while we look: the two must agree, not at the first glance.
                    eventually(same, f"Prometheus' {gauge} equals the SQL of {file}")
                    compared += 1
        self.assertGreaterEqual(compared, 50)

    def test_prometheus_has_every_series_of_a_page(self):
        with urllib.request.urlopen(self.address) as answer:
            page = answer.read().decode()
        names = {re.match(r"[a-zA-Z0-9_:]+", line)[0] for line in page.splitlines() if line and line[0] != "#"}
        for name in sorted(names):
            lines = sum(1 for line in page.splitlines() if re.match(rf"{name}[{{ ]", line))
            eventually(lambda: len(self.query(name)) == lines, f"Prometheus has {lines} series of {name}")

    def test_all_queries_are_up_and_nothing_failed(self):
        eventually(lambda: self.query("count(tidegauge_query_up == 1) == count(tidegauge_query_up)"))
        self.assertEqual(self.query("sum(tidegauge_failures_total)")[0][1], 0)
        self.assertEqual(self.query("tidegauge_database_role_writable")[0][1], 0)

    def test_promtool_is_silent_on_the_live_page(self):
        with urllib.request.urlopen(self.address) as answer:
            page = answer.read()
        done = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))


if __name__ == "__main__":
    unittest.main(verbosity=2)
