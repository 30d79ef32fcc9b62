"""What the daemon takes: memory, descriptors, and the database's time.

The figures are those of a release build; under a sanitizer they are not looked at.
"""

import gzip
import os
import pathlib
import re
import signal
import socket
import struct
import threading
import time
import unittest
import zlib

from harness import PATIENCE, TIDEGAUGE, Metrics, PostgresTest, Proxy, Tidegauge, eventually

MB = 1_000_000
PROGRAM = pathlib.Path(TIDEGAUGE).read_bytes()
SANITIZED = b"__tsan_init" in PROGRAM or b"__asan_init" in PROGRAM


def gauge(name, sql="SELECT 1 AS value", **keys):
    header = "".join(f"-- {key}: {value}\n" for key, value in {"every": "1s", **keys}.items())
    return f"-- gauge: {name}\n-- help: H.\n{header}{sql}\n"


class KeepAlive:
    """Scrapes on one connection, and reads no more than it must of each answer."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.rest = b""

    def get(self, path="/metrics", **headers):
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n{lines}\r\n".encode())
        while b"\r\n\r\n" not in self.rest:
            self._read()
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        assert head.startswith(b"HTTP/1.1 200 "), head
        length = int(re.search(rb"(?i)^content-length: (\d+)", head, re.M)[1])
        parts, have = [self.rest], len(self.rest)
        while have < length:
            parts.append(self._receive())
            have += len(parts[-1])
        body = b"".join(parts)
        body, self.rest = body[:length], body[length:]
        return body

    def _receive(self):
        data = self.socket.recv(1 << 18)
        assert data, "the daemon closed a keep-alive connection"
        return data

    def _read(self):
        self.rest += self._receive()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


class CountingProxy(Proxy):
    """Counts round trips: the messages that a server answers and a client waits for."""

    def __init__(self, target):
        self.lock = threading.Lock()
        self.unread = {}  # socket -> (started, bytes)
        self.round_trips = 0
        self.startups = 0
        self.kinds = []
        super().__init__(target)

    def sent_to_server(self, client, data):
        with self.lock:
            started, rest = self.unread.get(client, (False, b""))
            rest += data
            while True:
                head = 1 if started else 0
                if len(rest) < head + 4:
                    break
                length = struct.unpack_from("!I", rest, head)[0]
                if len(rest) < head + length:
                    break
                if not started:
                    # Requests for TLS or GSS come first, in a form of their own.
                    started = struct.unpack_from("!I", rest, 4)[0] == 3 << 16
                    self.startups += started
                else:
                    kind = chr(rest[0])
                    self.kinds.append(kind)
                    self.round_trips += kind in "QS"  # Query, Sync
                rest = rest[head + length:]
            self.unread[client] = (started, rest)


class ResourcesTest(PostgresTest):

    def run_daemon(self, queries, config=None, port=None, **options):
        url = self.cluster.url(port=port)
        daemon = Tidegauge(url=url, config=config and config.replace("URL", url), queries=queries, **options)
        self.addCleanup(daemon.close)
        return daemon

    def status(self, daemon, key):
        status = pathlib.Path(f"/proc/{daemon.process.pid}/status").read_text()
        return int(re.search(rf"^{key}:\s+(\d+) kB", status, re.M)[1]) * 1024

    def descriptors(self, daemon):
        return len(os.listdir(f"/proc/{daemon.process.pid}/fd"))

    def reset_peak(self, daemon):
        pathlib.Path(f"/proc/{daemon.process.pid}/clear_refs").write_text("5")

    # --- memory of a sample ---

    def fails_in_bounds(self, reason, sql, message, **keys):
        """The sample fails with its reason, again and again, and takes less than 10 MB."""
        # Beside a small one of the same shape, so that only the size makes the difference.
        keys = {"labels": "{ name: { max: 5 } }", "every": "2m", "timeout": "2m", **keys}
        daemon = self.run_daemon({"small": gauge("small", "SELECT 'a' AS name, 1 AS value", **keys)})
        daemon.wait_ready()
        before = self.status(daemon, "VmRSS")
        self.reset_peak(daemon)
        daemon.write_query("big", gauge("big", sql, **keys))
        daemon.signal(signal.SIGHUP)
        page = daemon.eventually_metrics(
            lambda p: p.value("tidegauge_query_failures_total", query="big"), "the big one has failed",
            4 * PATIENCE)
        self.assertEqual(page.series("big"), [])
        self.assertEqual(page.value("tidegauge_failures_total", reason=reason), 1)
        lines = [l for l in daemon.log_lines() if l.get("query") == "big" and l.get("outcome") == "failure"]
        self.assertEqual(lines[-1]["reason"], reason)
        self.assertIn(message, lines[-1]["message"])
        self.assertEqual(page.value("small", name="a"), 1)
        up = self.status(daemon, "VmHWM") - before
        print(f"resident memory up by {up / MB:.1f} MB at the peak, "
              f"{(self.status(daemon, 'VmRSS') - before) / MB:.1f} MB after", flush=True)
        if not SANITIZED:
            self.assertLess(up, 10 * MB)
        # Nor is the statement left running in the server.
        eventually(lambda: self.cluster.sql(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'tidegauge/%' AND state <> 'idle'") == "0",
            "the server is done with it")

    def test_ten_million_rows_that_stream(self):
        self.fails_in_bounds("too_many_rows", "SELECT 'n' || generate_series(1, 10000000) AS name, 1 AS value",
                             "10000")

    def test_ten_million_rows_that_are_sorted(self):
        self.fails_in_bounds(
            "too_many_rows", "SELECT i AS name, i AS value FROM generate_series(1, 10000000) AS i ORDER BY i DESC",
            "10000")

    def test_ten_million_rows_of_wide_labels(self):
        self.fails_in_bounds(
            "too_many_rows",
            "SELECT repeat('wide ', 4000) || generate_series(1, 10000000) AS name, 1 AS value", "10000")

    def test_ten_thousand_rows_of_wide_labels(self):
        self.fails_in_bounds(
            "label_value", "SELECT repeat('wide ', 4000) || i AS name, 1 AS value FROM generate_series(1, 10000) AS i",
            "128")

    def test_ten_thousand_rows_of_labels_in_four_bytes_a_character(self):
        self.fails_in_bounds(
            "label_value", "SELECT repeat(chr(127754), 5000) || i AS name, 1 AS value FROM generate_series(1, 10000) AS i",
            "128")

    # --- memory and descriptors of scrapes ---

    def test_hundred_queries_of_ten_series_after_ten_thousand_scrapes(self):
        sql = "SELECT 's' || i AS status, i AS value FROM generate_series(1, 10) AS i"
        labels = "{ status: [" + ", ".join(f"s{i}" for i in range(1, 11)) + "] }"
        daemon = self.run_daemon({f"q{n:03}": gauge(f"level_{n:03}", sql, labels=labels, every="5s")
                                  for n in range(100)})
        page = daemon.wait_ready()
        self.assertEqual(sum(n.startswith("level_") for n, _, _ in page.samples), 1000)
        at_start = self.status(daemon, "VmRSS"), self.status(daemon, "RssAnon")
        descriptors = []
        lengths = set()
        for _ in range(10):
            with KeepAlive(daemon.port) as scraper:
                for _ in range(500):
                    lengths.add(len(scraper.get()))
                    scraper.get(Accept_Encoding="gzip")
            descriptors.append(self.descriptors(daemon))
        resident, anonymous = self.status(daemon, "VmRSS"), self.status(daemon, "RssAnon")
        print(f"page of {max(lengths)} bytes; resident {at_start[0] / MB:.1f} -> {resident / MB:.1f} MB, "
              f"of it anonymous {at_start[1] / MB:.1f} -> {anonymous / MB:.1f} MB", flush=True)
        # The connection last closed may still be there.
        self.assertLessEqual(max(descriptors) - min(descriptors), 2, descriptors)
        if not SANITIZED:
            self.assertLess(resident, 20 * MB)
            self.assertLess(anonymous, 6 * MB)

    def test_ten_thousand_queries_of_one_series_are_one_whole_page(self):
        count = 1_000 if SANITIZED else 10_000
        queries = {f"g{n % 100:02}/q{n:05}": gauge(f"level_{n:05}", f"SELECT {n} AS value", every="10m", timeout="1m")
                   for n in range(count)}
        daemon = self.run_daemon(queries)
        eventually(lambda: daemon.get("/readyz")[0] == 200, "every query has been tried", 10 * PATIENCE)
        daemon.eventually_metrics(
            lambda p: sum(v for _, v in p.series("tidegauge_query_up")) == count, "every query is up", 2 * PATIENCE)
        descriptors = self.descriptors(daemon)

        def whole(text):
            self.assertTrue(text.endswith("\n"))
            page = Metrics(text)
            levels = {n: v for n, _, v in page.samples if n.startswith("level_")}
            self.assertEqual(levels, {f"level_{n:05}": n for n in range(count)})
            for name in ("tidegauge_query_up", "tidegauge_query_last_success_timestamp_seconds",
                         "tidegauge_query_duration_seconds", "tidegauge_metric_info"):
                self.assertEqual(len(page.series(name)), count, name)
            self.assertEqual(len({l["query"] for l, _ in page.series("tidegauge_query_up")}), count)
            for n in (0, 1, count - 1):
                self.assertEqual(text.count(f"# TYPE level_{n:05} gauge\n"), 1)
            # A line is there once.
            lines = [l.rsplit(" ", 1)[0] for l in text.splitlines() if not l.startswith("#")]
            self.assertEqual(len(lines), len(set(lines)))
            return page

        with KeepAlive(daemon.port) as scraper:
            plain = scraper.get()
            packed = scraper.get(Accept_Encoding="gzip")
            open_metrics = scraper.get(Accept="application/openmetrics-text")
        whole(plain.decode())
        # One member: what curl and browsers read is all of it.
        stream = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        unpacked = stream.decompress(packed) + stream.flush()
        self.assertTrue(stream.eof)
        self.assertEqual(stream.unused_data, b"")
        self.assertEqual(gzip.decompress(packed), unpacked)
        whole(unpacked.decode())
        self.assertTrue(open_metrics.endswith(b"\n# EOF\n"))
        names = lambda text: {l.rsplit(b" ", 1)[0] for l in text.splitlines() if not l.startswith(b"#")}
        self.assertEqual(names(unpacked), names(plain))
        self.assertEqual(names(open_metrics), names(plain))
        print(f"page of {len(plain) / MB:.1f} MB, {len(packed) / MB:.2f} MB as gzip; "
              f"resident {self.status(daemon, 'VmRSS') / MB:.0f} MB", flush=True)

        for _ in range(20):
            daemon.get("/metrics", headers={"Accept-Encoding": "gzip"})
        eventually(lambda: self.descriptors(daemon) <= descriptors + 1, "descriptors are closed")
        self.assertEqual(daemon.get("/healthz")[0], 200)

    def test_descriptors_and_threads_are_stable_over_reconnects_and_reloads(self):
        daemon = self.run_daemon({f"q{n}": gauge(f"level_{n}") for n in range(5)})
        daemon.wait_ready()
        threads = len(os.listdir(f"/proc/{daemon.process.pid}/task"))
        before = self.descriptors(daemon)
        for _ in range(10):
            self.cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'tidegauge%'")
            daemon.signal(signal.SIGHUP)
            seen = daemon.metrics().value("tidegauge_query_samples_total", query="q0")
            daemon.eventually_metrics(lambda p: p.value("tidegauge_query_samples_total", query="q0") > seen)
        # Two for each of the two sessions that there may be: the socket and the watchdog's.
        eventually(lambda: self.descriptors(daemon) <= before + 4, f"no more than the {before + 4} there may be")
        self.assertEqual(len(os.listdir(f"/proc/{daemon.process.pid}/task")), threads)

    # --- what the database pays ---

    def test_steady_state_costs_three_round_trips_and_one_session_a_sample(self):
        with CountingProxy(self.cluster.port) as proxy:
            daemon = self.run_daemon({"one": gauge("one", params="{ age: 1h }"), "two": gauge("two", every="2s")},
                                     port=proxy.port)
            samples = lambda p: sum(v for _, v in p.series("tidegauge_query_samples_total"))
            page = daemon.eventually_metrics(lambda p: samples(p) >= 4)
            # What is counted lies between two moments at which nothing is under way.
            def quiet():
                while True:
                    trips, kinds = proxy.round_trips, len(proxy.kinds)
                    time.sleep(0.3)
                    page = daemon.metrics()
                    if proxy.round_trips == trips:
                        return trips, kinds, samples(page), page
            trips, kinds, sampled, before = quiet()
            most = 0
            def look(p):
                nonlocal most
                most = max(most, int(self.cluster.sql(
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'tidegauge%' AND state <> 'idle'")))
                return samples(p) >= sampled + 20
            daemon.eventually_metrics(look)
            end_trips, end_kinds, end_sampled, after = quiet()
            used = (end_trips - trips) / (end_sampled - sampled)
            print(f"{used:.2f} round trips a sample; messages {''.join(sorted(set(proxy.kinds[kinds:end_kinds])))}", flush=True)
            self.assertGreater(used, 0)
            self.assertLessEqual(used, 3)
            self.assertLessEqual(most, 2)  # two queries that may be due at once
            self.assertEqual(after.value("tidegauge_database_connects_total"),
                             before.value("tidegauge_database_connects_total"))
            self.assertEqual(after.value("tidegauge_query_failures_total", query="one"), 0)

    def test_one_query_holds_one_session(self):
        with CountingProxy(self.cluster.port) as proxy:
            daemon = self.run_daemon({"one": gauge("one")}, port=proxy.port)
            page = daemon.eventually_metrics(lambda p: p.value("tidegauge_query_samples_total") >= 5)
            self.assertEqual(proxy.startups, 1)
            self.assertEqual(page.value("tidegauge_database_connections"), 1)
            self.assertEqual(page.value("tidegauge_database_connects_total"), 1)

    def test_scrapes_cost_the_database_nothing(self):
        with CountingProxy(self.cluster.port) as proxy:
            daemon = self.run_daemon({"one": gauge("one", every="10m", timeout="1m")}, port=proxy.port)
            daemon.wait_ready()
            # Left out within half an interval of the start's sample: no tick can come between.
            trips = proxy.round_trips
            with KeepAlive(daemon.port) as scraper:
                for _ in range(1000):
                    scraper.get()
            self.assertEqual(proxy.round_trips, trips)


if __name__ == "__main__":
    unittest.main(verbosity=2)
