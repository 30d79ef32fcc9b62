"""The whole page of a small, fixed database against golden/page.txt; `golden_test.py -u` renews it.

What changes from run to run (moments, durations, the process itself, versions) is put out of sight.
"""

import difflib
import gzip
import pathlib
import re
import shutil
import subprocess
import sys
import unittest
import zlib

from harness import PostgresTest, Tidegauge

GOLDEN = pathlib.Path(__file__).resolve().parent / "golden"
UPDATE = "-u" in sys.argv

SCHEMA = """
CREATE TABLE tickets (id int PRIMARY KEY, state text, product text, priority int, opened timestamptz);
INSERT INTO tickets
  SELECT i, (ARRAY['open','waiting','closed','escalated'])[1 + i % 4],
         (ARRAY['folded','Desk "Pro"','back\\slash','two\nlines','größe'])[1 + i % 7], i % 3,
         timestamptz '2024-02-01 08:00:00Z' + i * interval '1 hour'
  FROM generate_series(1, 60) AS i;
DO $$BEGIN CREATE ROLE golden_reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END$$;
GRANT SELECT ON tickets TO golden_reader;
"""

QUERIES = {
    # A closed list: 'escalated' folds into other, 'archived' has no row.
    "support/tickets": """
        -- gauge: support_tickets
        -- help: Tickets by state.
        -- every: 1h
        -- owner: support
        -- labels:
        --   state: [open, waiting, closed, archived]
        SELECT state, count(*) AS value
        FROM tickets
        GROUP BY state;
        """,
    # An open set, with what must be escaped, and NULL as a name.
    "support/products": """
        -- gauge: support_product_tickets
        -- help: Tickets by product, "the largest" first, \\ and all.
        -- every: 2h
        -- labels:
        --   product: { max: 5 }
        SELECT product, count(*) AS value
        FROM tickets
        GROUP BY product;
        """,
    # Several gauges from one statement; one of them is NULL.
    "queue": """
        -- gauges:
        --   queue_waiting_tickets: { value: waiting, help: Tickets that wait for longer than stale_after. }
        --   queue_oldest_ticket_timestamp_seconds: { value: oldest, help: When the oldest waiting ticket was opened. }
        --   queue_mean_priority_ratio: { value: mean, help: Mean priority of the waiting tickets over the highest. }
        --   queue_lost_tickets: { value: lost, help: Tickets of nobody. }
        -- every: 3h
        -- timeout: 10s
        -- params: { stale_after: 48 hours }
        SELECT count(*) AS waiting, extract(epoch FROM min(opened)) AS oldest,
               avg(priority) / 3 AS mean, sum(id) FILTER (WHERE product = 'none') AS lost
        FROM tickets
        WHERE state = 'waiting' AND opened < timestamptz '2024-02-05 00:00:00Z' - current_setting('tidegauge.stale_after')::interval;
        """,
}

CONFIG = """
labels: { environment: test }
databases:
  app: { url: "URL" }
"""

# The last word of these lines differs from run to run.
CHANGING = re.compile(
    r"^((?:tidegauge_query_last_success_timestamp_seconds|tidegauge_query_duration_seconds|"
    r"tidegauge_config_last_reload_success_timestamp_seconds|tidegauge_database_connections|"
    r"tidegauge_database_connects_total|process_\w+)(?:\{.*\})?) \S+$", re.M)

TEXT = "text/plain; version=0.0.4; charset=utf-8"
OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
PROMETHEUS = ("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
              "text/plain;version=0.0.4;q=0.5,*/*;q=0.1")


def normalised(page):
    page = CHANGING.sub(r"\1 *", page)
    return re.sub(r'(tidegauge_build_info\{.*?)version="[^"]*",revision="[^"]*"', r'\1version="*",revision="*"', page)


class GoldenTest(PostgresTest):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.tearDownCluster)
        cls.cluster.sql(SCHEMA)
        cls.daemon = Tidegauge(config=CONFIG.replace("URL", cls.cluster.url("golden_reader")), queries=QUERIES)
        cls.addClassCleanup(cls.daemon.close)
        cls.daemon.wait_ready()

    @classmethod
    def tearDownClass(cls):
        pass  # the daemon ends before its cluster

    @classmethod
    def tearDownCluster(cls):
        cls.cluster.close()

    def scrape(self, **headers):
        status, got, body = self.daemon.get(headers={k.replace("_", "-"): v for k, v in headers.items()})
        self.assertEqual(status, 200)
        return got, body.decode()

    def compare(self, name, page):
        path = GOLDEN / name
        page = normalised(page)
        if UPDATE:
            GOLDEN.mkdir(exist_ok=True)
            path.write_text(page)
        golden = path.read_text()
        difference = "\n".join(difflib.unified_diff(golden.splitlines(), page.splitlines(), str(path), "the page",
                                                    lineterm=""))
        self.assertEqual(difference, "", f"\n{difference}\nwhere this is right: python3 {__file__} -u")
        self.assertEqual(golden, page)

    def test_page_is_the_golden_one(self):
        self.compare("page.txt", self.scrape()[1])

    def test_open_metrics_page_is_the_golden_one(self):
        self.compare("page.openmetrics.txt", self.scrape(Accept=PROMETHEUS)[1])

    def test_promtool_has_nothing_to_say(self):
        if shutil.which("promtool") is None:
            self.skipTest("promtool is not installed: run scripts/setup --test")
        done = subprocess.run(["promtool", "check", "metrics"], input=self.scrape()[1], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_format_follows_the_accept_header(self):
        cases = {
            "none": ({}, TEXT),
            "anything": ({"Accept": "*/*"}, TEXT),
            "a browser": ({"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}, TEXT),
            "unknown": ({"Accept": "application/json"}, TEXT),
            "Prometheus": ({"Accept": PROMETHEUS}, OPEN_METRICS),
            "OpenMetrics": ({"Accept": "application/openmetrics-text"}, OPEN_METRICS),
            "OpenMetrics less": ({"Accept": "application/openmetrics-text;q=0.4,text/plain"}, TEXT),
            "OpenMetrics not": ({"Accept": "application/openmetrics-text;q=0,text/plain;q=0.1"}, TEXT),
            "protobuf first": ({"Accept": "application/vnd.google.protobuf;encoding=delimited,text/plain;q=0.5"}, TEXT),
        }
        for name, (headers, content_type) in cases.items():
            with self.subTest(name):
                got, page = self.scrape(**headers)
                self.assertEqual(got["Content-Type"], content_type)
                self.assertEqual(page.endswith("\n# EOF\n"), content_type == OPEN_METRICS)
                self.assertIn("Accept", [v.strip() for v in got["Vary"].split(",")])
                self.assertIn("Accept-Encoding", [v.strip() for v in got["Vary"].split(",")])
                self.assertTrue(got["X-Request-ID"])

    def test_gzip_where_it_is_accepted_is_the_same_page(self):
        cases = {"gzip": True, "gzip, deflate, br": True, "deflate, gzip;q=0.5": True, "x-gzip": True, "*": True,
                 "": False, "identity": False, "gzip;q=0": False, "br": False}
        for accept in (TEXT, PROMETHEUS):
            plain = normalised(self.scrape(Accept=accept)[1])
            for encoding, packed in cases.items():
                with self.subTest(encoding=encoding, accept=accept):
                    got, page = self.scrape(Accept=accept, Accept_Encoding=encoding)
                    self.assertEqual(got["Content-Encoding"], "gzip" if packed else None)
                    self.assertEqual(normalised(page), plain)

    def test_gzip_is_one_stream_and_as_long_as_it_says(self):
        import http.client
        connection = http.client.HTTPConnection("127.0.0.1", self.daemon.port)
        self.addCleanup(connection.close)
        connection.request("GET", "/metrics", headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        body = answer.read()
        self.assertEqual(int(answer.headers["Content-Length"]), len(body))
        stream = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        page = stream.decompress(body) + stream.flush()
        self.assertTrue(stream.eof)
        self.assertEqual(stream.unused_data, b"")
        self.assertEqual(gzip.decompress(body), page)

    def test_head_has_the_headers_and_no_body(self):
        status, got, body = self.daemon.get(method="HEAD")
        self.assertEqual((status, body), (200, b""))
        self.assertEqual(got["Content-Type"], TEXT)


if __name__ == "__main__":
    unittest.main(verbosity=2, argv=[a for a in sys.argv if a != "-u"])
