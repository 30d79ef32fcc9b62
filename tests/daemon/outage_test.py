"""What the daemon does while its database hangs, vanishes, refuses or comes back, and when it is told to end.

In every outage the daemon is watched without a pause: /metrics and /healthz answer at once, and
values are served until they are older than keep_for, and no longer.
"""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from harness import (PATIENCE, Metrics, PostgresTest, Proxy, Tidegauge, eventually, free_port)

# A scrape during an outage takes at most this long. On an idle machine it takes a millisecond.
AT_ONCE = 2.0 * PATIENCE / 60
LONGEST_BACK_OFF = 30
# How much later than it should be something may be seen: our polls, the page's 100 ms, the machine.
SLACK = 3.0 * PATIENCE / 60

ITEMS = "CREATE TABLE items (id int); INSERT INTO items SELECT generate_series(1, 30);"
EVERY = 1
RETRIES = 3  # in any 5 s: a database that is reached again, a session replaced
KEEP_FOR = 4


def gauge(name, sql="SELECT count(*) AS value FROM items", **keys):
    keys = {"every": f"{EVERY}s", "keep_for": f"{KEEP_FOR}s", **keys}
    header = "".join(f"-- {key}: {value}\n" for key, value in keys.items())
    return f"-- gauge: {name}\n-- help: H.\n{header}{sql}\n"


ITEMS_GAUGE = gauge("items")
# Long enough to be met in mid-query.
SLOW_GAUGE = gauge("slow", "SELECT count(*) AS value FROM items, (SELECT pg_sleep(0.5)) AS pause")


class Watch:
    """Scrapes all the time and holds every page against the rules. Checks when it is left."""

    def __init__(self, daemon, *queries, database="app"):
        self.daemon = daemon
        self.queries = queries  # each feeds a gauge of its own name
        self.database = database
        self.faults = []
        self.slowest = 0.0
        self.pages = self.served = self.dropped = 0
        self.counts = {query: [] for query in queries}  # (moment, samples in all)
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, kind, *_):
        self.over.set()
        self.thread.join()
        if kind is None:
            assert not self.faults, "\n".join(self.faults[:10])
            assert self.pages > 0

    def _get(self, path):
        started = time.monotonic()
        status, _, body = self.daemon.get(path, timeout=AT_ONCE)
        took = time.monotonic() - started
        self.slowest = max(self.slowest, took)
        if status != 200:
            self.faults.append(f"{path} answered {status}: {body.decode()}")
        if took > AT_ONCE:
            self.faults.append(f"{path} took {took:.1f} s")
        return body.decode()

    def _run(self):
        while not self.over.is_set():
            try:
                before = time.time()
                page = Metrics(self._get("/metrics"))
                self._look_at(page, before, time.time())
                self._get("/healthz")
            except Exception as error:  # a fault like any other: it must not end the thread in silence
                self.faults.append(f"scrape failed: {error!r}")
            self.over.wait(0.05)

    def _look_at(self, page, before, after):
        self.pages += 1
        for query in self.queries:
            labels = {"query": query, "database": self.database}
            success = page.value("tidegauge_query_last_success_timestamp_seconds", **labels)
            there = page.value(query, database=self.database) is not None
            self.served += there
            self.dropped += not there
            self._look_at_rate(query, page.value("tidegauge_query_samples_total", **labels))
            if success == 0:
                if there:
                    self.faults.append(f"{query} is served and was never sampled")
            elif after < success + KEEP_FOR and not there:
                self.faults.append(f"{query} was dropped {after - success:.2f} s after its last success")
            elif before > success + KEEP_FOR + SLACK and there:
                self.faults.append(f"{query} is served {before - success:.2f} s after its last success")

    def _look_at_rate(self, query, samples):
        """Once an interval, whatever happens, and early retries."""
        counts, now = self.counts[query], time.monotonic()
        counts.append((now, samples))
        since, before = next(c for c in counts if c[0] >= now - 5)
        if samples - before > (now - since) / EVERY + RETRIES:
            self.faults.append(f"{query} was sampled {samples - before:.0f} times in {now - since:.1f} s")


class OutageTest(PostgresTest):

    def setUp(self):
        self.database = self.make_database(ITEMS)

    def run_daemon(self, queries, port=None, **options):
        daemon = Tidegauge(url=self.cluster.url(database=self.database, port=port), queries=queries, **options)
        self.addCleanup(daemon.close)
        self.addCleanup(self.show_log_of, daemon)
        return daemon

    def show_log_of(self, daemon):
        outcome = self._outcome
        errors = getattr(outcome, "errors", []) + getattr(getattr(outcome, "result", None), "failures", [])
        if any(test is self and trace for test, trace in errors):
            print(f"---- log of tidegauge\n{daemon.log_text()[-6000:]}----")

    def run_proxied(self, queries):
        proxy = Proxy(self.cluster.port)
        self.addCleanup(proxy.close)
        return self.run_daemon(queries, port=proxy.port), proxy

    def message_of(self, daemon, query, reason):
        lines = [l for l in daemon.log_lines()
                 if l.get("query") == query and l.get("outcome") == "failure" and l.get("reason") == reason]
        self.assertTrue(lines, f"no failure of {query} with {reason} in the log")
        return lines[-1]["message"]

    def fails(self, daemon, query, *reasons, database="app"):
        """Waits until the query is down, for one of these reasons; returns the page."""
        def look(page):
            return (page.value("tidegauge_query_up", query=query, database=database) == 0 and
                    sum(page.value("tidegauge_failures_total", database=database, reason=r) for r in reasons) > 0)
        return daemon.eventually_metrics(look, f"{query} fails with {' or '.join(reasons)}")

    def dropped(self, daemon, *queries):
        """Waits until the values are no longer served; their query's own metrics stay."""
        page = daemon.eventually_metrics(lambda p: not any(p.series(q) for q in queries), "values are dropped")
        for query in queries:
            self.assertEqual(page.value("tidegauge_query_series", query=query), 0)
        # A sample may still be under way: it is cut off at its timeout and a grace.
        daemon.eventually_metrics(lambda p: all(p.value("tidegauge_query_up", query=q) == 0 for q in queries),
                                  "the queries are down")

    def back(self, daemon, *queries, every=EVERY):
        """Called right after the cure: sampling is back within one interval and one back-off."""
        cured = time.time()
        bound = every + LONGEST_BACK_OFF + SLACK
        page = daemon.eventually_metrics(lambda p: all(
            p.value("tidegauge_query_up", query=q, database="app") == 1 and p.series(q) and
            p.value("tidegauge_query_last_success_timestamp_seconds", query=q, database="app") > cured
            for q in queries), "sampling is back", bound)
        self.assertEqual(page.value("tidegauge_database_up", database="app"), 1)
        print(f"back after {time.time() - cured:.1f} s", flush=True)
        return page

    def backend_in_statement(self, query):
        """The process that runs this query's statement, found in the middle of it and stopped."""
        activity = (f"SELECT pid FROM pg_stat_activity WHERE datname = '{self.database}' AND "
                    f"application_name = 'tidegauge/{query}' AND state = 'active' AND wait_event = 'PgSleep'")
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            pid = self.cluster.sql(activity)
            if not pid:
                continue
            os.kill(int(pid), signal.SIGSTOP)
            if self.cluster.sql(activity) == pid:
                self.addCleanup(self.resume, int(pid))
                return int(pid)
            os.kill(int(pid), signal.SIGCONT)  # it had ended meanwhile
        raise AssertionError("the statement was never met")

    def resume(self, pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)

    def server_processes(self):
        """The cluster's postmaster and all its children, the postmaster first."""
        postmaster = int((self.cluster.directory / "data" / "postmaster.pid").read_text().split()[0])
        pids = [postmaster]
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                if int(stat.read_text().rsplit(")", 1)[1].split()[1]) == postmaster:
                    pids.append(int(stat.parent.name))
        return pids

    # --- outages ---

    def test_backend_stopped_in_mid_query_is_cut_off_and_replaced(self):
        daemon = self.run_daemon({"items": ITEMS_GAUGE, "slow": SLOW_GAUGE})
        daemon.eventually_metrics(lambda p: p.value("slow") == 30 and p.value("items") == 30)
        with Watch(daemon, "items", "slow") as watch:
            pid = self.backend_in_statement("slow")
            before = daemon.metrics().value("tidegauge_query_samples_total", query="items")
            self.fails(daemon, "slow", "timeout")
            self.assertIn("the connection was cut", self.message_of(daemon, "slow", "timeout"))
            # Its neighbour has a session of its own, and the server is there: nothing waits for a cure.
            daemon.eventually_metrics(lambda p: p.value("tidegauge_query_samples_total", query="items") >= before + 3)
            self.back(daemon, "slow", "items")
            os.kill(pid, signal.SIGCONT)
            eventually(lambda: not self.cluster.sql(f"SELECT pid FROM pg_stat_activity WHERE pid = {pid}"),
                       "the server gives the statement up")
            self.back(daemon, "slow", "items")
        self.assertEqual(daemon.metrics().value("tidegauge_query_failures_total", query="items"), 0)
        print(f"slowest answer {watch.slowest * 1000:.0f} ms of {watch.pages} scrapes", flush=True)

    def test_whole_server_stopped_and_resumed(self):
        daemon = self.run_daemon({"items": ITEMS_GAUGE, "slow": SLOW_GAUGE})
        daemon.eventually_metrics(lambda p: p.value("slow") == 30 and p.value("items") == 30)
        stopped = self.server_processes()
        for pid in stopped:
            self.addCleanup(self.resume, pid)
        with Watch(daemon, "items", "slow") as watch:
            for pid in stopped:
                os.kill(pid, signal.SIGSTOP)
            page = daemon.metrics()
            self.assertEqual((page.value("items"), page.value("slow")), (30, 30), "kept")
            self.fails(daemon, "items", "timeout", "connect")
            daemon.eventually_metrics(lambda p: p.value("tidegauge_database_up", database="app") == 0)
            self.dropped(daemon, "items", "slow")
            # The server's system takes connections, and nobody answers.
            daemon.eventually_metrics(lambda p: p.value("tidegauge_failures_total", reason="connect") > 0)
            for pid in stopped:
                self.resume(pid)
            self.back(daemon, "items", "slow")
        self.assertGreater(watch.dropped, 0)

    def test_network_black_hole_in_mid_query(self):
        daemon, proxy = self.run_proxied({"items": ITEMS_GAUGE, "slow": SLOW_GAUGE})
        daemon.eventually_metrics(lambda p: p.value("slow") == 30 and p.value("items") == 30)
        with Watch(daemon, "items", "slow"):
            eventually(lambda: self.cluster.sql(
                f"SELECT pid FROM pg_stat_activity WHERE datname = '{self.database}' AND "
                "application_name = 'tidegauge/slow' AND wait_event = 'PgSleep'"), "in mid-query")
            proxy.stall()
            page = self.fails(daemon, "slow", "timeout")
            self.assertEqual(page.value("tidegauge_database_up", database="app"), 0)
            self.dropped(daemon, "items", "slow")
            daemon.eventually_metrics(lambda p: p.value("tidegauge_failures_total", reason="connect") > 0)
            self.assertIn("cannot connect", self.message_of(daemon, "items", "connect"))
            proxy.resume()
            self.back(daemon, "items", "slow")

    def test_network_black_hole_while_idle(self):
        every = 3
        daemon, proxy = self.run_proxied({"items": gauge("items", every=f"{every}s", timeout="1s")})
        seen = daemon.eventually_metrics(lambda p: p.value("items") == 30).value("tidegauge_query_samples_total")
        with Watch(daemon, "items"):
            # Right after a sample: nothing is under way.
            daemon.eventually_metrics(lambda p: p.value("tidegauge_query_samples_total") > seen)
            proxy.stall()
            self.assertEqual(daemon.metrics().value("items"), 30)
            page = self.fails(daemon, "items", "timeout")
            self.assertEqual(page.value("tidegauge_database_up", database="app"), 0)
            self.assertIn("the connection was cut", self.message_of(daemon, "items", "timeout"))
            self.dropped(daemon, "items")
            proxy.resume()
            self.back(daemon, "items", every=every)

    def test_table_locked_access_exclusive(self):
        self.cluster.sql("CREATE TABLE locked (id int)", self.database)
        daemon = self.run_daemon({"items": ITEMS_GAUGE, "locked": gauge("locked", "SELECT count(*) AS value FROM locked")})
        daemon.eventually_metrics(lambda p: p.value("locked") == 0 and p.value("items") == 30)
        with Watch(daemon, "items", "locked"), self.cluster.session(self.database) as locker:
            locker.run("BEGIN; LOCK TABLE locked IN ACCESS EXCLUSIVE MODE;")
            page = self.fails(daemon, "locked", "lock_timeout")
            self.assertEqual(page.value("tidegauge_database_up", database="app"), 1)
            self.assertIn("a lock was not granted within 500ms", self.message_of(daemon, "locked", "lock_timeout"))
            self.dropped(daemon, "locked")
            locker.run("ROLLBACK;")
            self.back(daemon, "locked", "items")
        page = daemon.metrics()
        self.assertEqual(page.value("tidegauge_query_failures_total", query="items"), 0)

    def test_database_down_at_start_then_started(self):
        self.cluster.stop()
        self.addCleanup(self.start_if_down)
        daemon = self.run_daemon({"items": ITEMS_GAUGE})
        with Watch(daemon, "items") as watch:
            page = self.fails(daemon, "items", "connect")
            self.assertEqual(page.value("tidegauge_database_up", database="app"), 0)
            self.assertEqual(page.value("tidegauge_query_last_success_timestamp_seconds"), 0)
            self.assertEqual(daemon.get("/readyz")[0], 503)
            self.assertEqual(watch.served, 0)
            self.cluster.start()
            self.back(daemon, "items")
        self.assertEqual(daemon.get("/readyz")[0], 200)

    def start_if_down(self):
        with contextlib.suppress(RuntimeError):
            self.cluster.sql("SELECT 1")
            return
        self.cluster.start()

    def test_database_stopped_and_started_again(self):
        for mode in ("fast", "immediate"):
            with self.subTest(mode=mode):
                daemon = self.run_daemon({"items": ITEMS_GAUGE, "slow": SLOW_GAUGE})
                daemon.eventually_metrics(lambda p: p.value("slow") == 30 and p.value("items") == 30)
                with Watch(daemon, "items", "slow"):
                    self.addCleanup(self.start_if_down)
                    self.cluster.stop(mode)
                    page = self.fails(daemon, "items", "connect")
                    self.assertEqual(page.value("tidegauge_database_up", database="app"), 0)
                    self.dropped(daemon, "items", "slow")
                    self.cluster.start()
                    page = self.back(daemon, "items", "slow")
                    self.assertEqual(page.value("tidegauge_failures_total", reason="sql"), 0)

    def test_connections_cut_while_idle_are_replaced_without_a_failure(self):
        daemon, proxy = self.run_proxied({"items": gauge("items", every="2s", timeout="2s")})
        daemon.eventually_metrics(lambda p: p.value("items") == 30)
        with Watch(daemon, "items"):
            for _ in range(3):
                seen = daemon.metrics().value("tidegauge_query_samples_total")
                daemon.eventually_metrics(lambda p: p.value("tidegauge_query_samples_total") > seen)
                proxy.cut()
            seen = daemon.metrics().value("tidegauge_query_samples_total")
            page = daemon.eventually_metrics(lambda p: p.value("tidegauge_query_samples_total") > seen)
        self.assertEqual(page.value("tidegauge_query_failures_total"), 0)
        self.assertEqual(page.value("tidegauge_database_up"), 1)
        self.assertEqual(page.value("tidegauge_database_connects_total"), 4)

    def test_connection_cut_in_mid_query_is_one_failure(self):
        # The network's work and an operator's.
        operator = (f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.database}' "
                    "AND application_name = 'tidegauge/slow' AND state = 'active'")
        cuts = {"socket": lambda proxy: proxy.cut(), "terminated": lambda proxy: self.cluster.sql(operator)}
        for name, cut in cuts.items():
            with self.subTest(name):
                daemon, proxy = self.run_proxied({"slow": SLOW_GAUGE})
                daemon.eventually_metrics(lambda p: p.value("slow") == 30)
                with Watch(daemon, "slow"):
                    eventually(lambda: self.cluster.sql(
                        f"SELECT pid FROM pg_stat_activity WHERE datname = '{self.database}' AND "
                        "application_name = 'tidegauge/slow' AND wait_event = 'PgSleep'"), "in mid-query")
                    cut(proxy)
                    daemon.eventually_metrics(lambda p: p.value("tidegauge_failures_total", reason="connect") == 1)
                    page = self.back(daemon, "slow")
                self.assertEqual(page.value("tidegauge_query_failures_total"), 1)
                daemon.close()

    def test_server_that_takes_connections_and_never_answers(self):
        with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
            daemon = Tidegauge(url=self.cluster.url(port=silent.getsockname()[1]), queries={"items": ITEMS_GAUGE})
            self.addCleanup(daemon.close)
            with Watch(daemon, "items"):
                page = self.fails(daemon, "items", "connect")
                self.assertEqual(page.value("tidegauge_database_up"), 0)
                self.assertIn("no answer within connect_timeout (5s)", self.message_of(daemon, "items", "connect"))
                status, _, body = daemon.get("/readyz")
                self.assertEqual(status, 503)
                self.assertIn("database app: not reached", body.decode())

    def test_two_databases_one_down(self):
        proxy = Proxy(self.cluster.port)
        self.addCleanup(proxy.close)
        config = f"""
            databases:
              app: {{ url: "{self.cluster.url(database=self.database)}" }}
              other: {{ url: "{self.cluster.url(database=self.database, port=proxy.port)}" }}
            """
        queries = {name: gauge(name, database="all") for name in ("items", "more", "most")}
        daemon = self.run_daemon(queries, config=config)
        up = lambda p, database: all(p.value("tidegauge_query_up", query=q, database=database) == 1 for q in queries)
        daemon.eventually_metrics(lambda p: up(p, "app") and up(p, "other"))
        samples = lambda: daemon.metrics().value("tidegauge_query_samples_total", query="items", database="app")
        with Watch(daemon, *queries, database="app"), Watch(daemon, *queries, database="other"):
            for fault, cure in ((proxy.stall, proxy.resume), (self.refuse(proxy), self.allow(proxy))):
                before = samples()
                fault()
                daemon.eventually_metrics(lambda p: all(
                    p.value("tidegauge_query_up", query=q, database="other") == 0 and not p.series(q, database="other")
                    for q in queries), "the other is down and its values are gone")
                eventually(lambda: samples() >= before + 5, "the first goes on")
                cure()
                daemon.eventually_metrics(lambda p: up(p, "other"), bound=EVERY + LONGEST_BACK_OFF + SLACK)
        page = daemon.metrics()
        for query in queries:
            self.assertEqual(page.value("tidegauge_query_failures_total", query=query, database="app"), 0)
            self.assertEqual(page.value("tidegauge_query_up", query=query, database="app"), 1)
        for reason in ("connect", "timeout"):
            self.assertEqual(page.value("tidegauge_failures_total", database="app", reason=reason), 0)
            self.assertGreater(page.value("tidegauge_failures_total", database="other", reason=reason), 0)
        self.assertEqual(page.value("tidegauge_database_up", database="app"), 1)
        self.assertEqual(page.value("tidegauge_database_connects_total", database="app") <= 2, True)

    def refuse(self, proxy):
        def start():
            proxy.refusing = True
            proxy.cut()
        return start

    def allow(self, proxy):
        def end():
            proxy.refusing = False
        return end


class EndTest(PostgresTest):
    """SIGTERM and SIGINT: code 0, at once, whatever is going on."""

    BOUND = 5.0 * PATIENCE / 60

    def setUp(self):
        self.database = self.make_database(ITEMS)

    def ends(self, daemon, number=signal.SIGTERM):
        started = time.monotonic()
        daemon.signal(number)
        code = daemon.process.wait(PATIENCE)
        took = time.monotonic() - started
        print(f"ended after {took:.2f} s", flush=True)
        log = daemon.log_text()
        self.assertEqual(code, 0, log[-4000:])
        self.assertLess(took, self.BOUND, log[-4000:])
        self.assertIn("stopping", [l["message"] for l in daemon.log_lines()])

    def run_daemon(self, queries, url=None, **options):
        daemon = Tidegauge(url=url or self.cluster.url(database=self.database), queries=queries, **options)
        self.addCleanup(daemon.close)
        return daemon

    def test_while_a_statement_runs(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number.name):
                daemon = self.run_daemon({
                    "items": ITEMS_GAUGE,
                    "hang": gauge("hang", "SELECT 1 AS value FROM pg_sleep(600)", every="1m", timeout="50s", keep_for="2m")})
                running = ("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND "
                           f"datname = '{self.database}'")
                eventually(lambda: self.cluster.sql(running) == "1", "the statement runs")
                self.ends(daemon, number)
                eventually(lambda: self.cluster.sql(running) == "0", "the server gives it up")

    def test_while_sampling_as_fast_as_it_can(self):
        daemon = self.run_daemon({f"q{i}": gauge(f"q{i}") for i in range(50)})
        daemon.eventually_metrics(lambda p: len(p.series("tidegauge_query_up")) == 50)
        self.ends(daemon)

    def test_before_the_first_sample_is_over(self):
        daemon = self.run_daemon({"items": ITEMS_GAUGE})
        self.ends(daemon, signal.SIGINT)

    def test_while_stuck_in_a_connection_that_is_never_answered(self):
        with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
            silent.settimeout(PATIENCE)
            daemon = self.run_daemon({"items": ITEMS_GAUGE}, url=self.cluster.url(port=silent.getsockname()[1]))
            with silent.accept()[0]:
                self.ends(daemon)

    def test_while_stuck_in_a_handshake_that_is_never_answered(self):
        # A full backlog: Linux drops every further SYN.
        with socket.create_server(("127.0.0.1", 0), backlog=0) as full, contextlib.ExitStack() as fillers:
            for _ in range(4):
                filler = fillers.enter_context(socket.socket())
                filler.setblocking(False)
                filler.connect_ex(full.getsockname())
            port = full.getsockname()[1]
            daemon = self.run_daemon({"items": ITEMS_GAUGE}, url=self.cluster.url(port=port))
            # 02 is SYN_SENT.
            eventually(lambda: any(
                line.split()[2].endswith(f":{port:04X}") and line.split()[3] == "02"
                for line in pathlib.Path(f"/proc/{daemon.process.pid}/net/tcp").read_text().splitlines()[1:]),
                "a SYN is unanswered")
            self.ends(daemon)

    def test_while_stuck_in_a_black_hole_in_mid_query(self):
        with Proxy(self.cluster.port) as proxy:
            daemon = self.run_daemon({"items": ITEMS_GAUGE, "slow": SLOW_GAUGE},
                                     url=self.cluster.url(database=self.database, port=proxy.port))
            daemon.eventually_metrics(lambda p: p.value("slow") == 30)
            proxy.stall()
            time.sleep(EVERY)  # whatever it does now, it does in a black hole
            self.ends(daemon)

    def test_while_stuck_in_dns(self):
        compiler = next((c for c in ("cc", "gcc", "clang") if shutil.which(c)), None)
        if compiler is None:
            self.skipTest("no C compiler")
        directory = pathlib.Path(tempfile.mkdtemp(prefix="tidegauge-test-"))
        self.addCleanup(shutil.rmtree, directory)
        asked = directory / "asked"
        (directory / "slow_dns.c").write_text(f"""
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <fcntl.h>
            #include <netdb.h>
            #include <string.h>
            #include <unistd.h>
            int getaddrinfo(const char* host, const char* port, const struct addrinfo* hints, struct addrinfo** out) {{
              if (host && strcmp(host, "slow.invalid") == 0) {{
                close(open("{asked}", O_CREAT | O_WRONLY, 0600));
                for (;;) pause();
              }}
              int (*real)(const char*, const char*, const struct addrinfo*, struct addrinfo**) = dlsym(RTLD_NEXT, "getaddrinfo");
              return real(host, port, hints, out);
            }}
            """)
        library = directory / "slow_dns.so"
        subprocess.run([compiler, "-shared", "-fPIC", "-o", library, directory / "slow_dns.c", "-ldl"], check=True)
        environment = {"LD_PRELOAD": str(library)}
        probe = subprocess.run([os.environ.get("TIDEGAUGE_BINARY", "build/tidegauge"), "version"],
                               env=dict(os.environ, **environment), capture_output=True)
        if probe.returncode != 0:
            self.skipTest("a sanitizer's run-time library cannot be preloaded after another")
        daemon = self.run_daemon({"items": ITEMS_GAUGE}, url="postgresql://postgres@slow.invalid/postgres",
                                 environment=environment)
        eventually(asked.exists, "the name is looked up")
        self.assertEqual(daemon.get("/metrics", timeout=AT_ONCE)[0], 200)
        self.ends(daemon)

    def test_while_http_clients_hang(self):
        statuses = ", ".join(f"s{i}" for i in range(2000))
        daemon = self.run_daemon({"items": ITEMS_GAUGE, "wide": gauge(
            "wide", "SELECT NULL::text AS status, 1 AS value WHERE false",
            labels=f"{{ status: [{statuses}] }}", max_series=3000)})
        daemon.eventually_metrics(lambda p: len(p.series("wide")) == 2000)
        with contextlib.ExitStack() as clients:
            def connect():
                client = clients.enter_context(socket.socket())
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                client.connect(("127.0.0.1", daemon.port))
                return client
            for _ in range(10):
                connect()  # says nothing
                connect().sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nX-Slow: ")  # never ends
                connect().sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 20)  # never reads
                connect().sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")  # keep-alive
            self.assertEqual(daemon.get("/metrics")[0], 200)
            self.ends(daemon)


class ReloadTest(PostgresTest):
    """SIGHUP, and secrets that change."""

    def setUp(self):
        self.database = self.make_database(ITEMS)

    def run_daemon(self, config, queries):
        daemon = Tidegauge(config=config, queries=queries)
        self.addCleanup(daemon.close)
        return daemon

    def make_role(self, name, password):
        """A role that must show its password, though the cluster trusts all others."""
        self.cluster.sql(f"DROP ROLE IF EXISTS {name}; CREATE ROLE {name} LOGIN PASSWORD '{password}';")
        self.cluster.sql(f"GRANT SELECT ON items TO {name}", self.database)
        self.addCleanup(self.cluster.sql, f"DROP OWNED BY {name}; DROP ROLE {name};", self.database)
        hba = self.cluster.directory / "data" / "pg_hba.conf"
        text = hba.read_text()
        hba.write_text(f"host all {name} 127.0.0.1/32 scram-sha-256\n{text}")
        self.addCleanup(lambda: (hba.write_text(text), self.cluster.sql("SELECT pg_reload_conf()")))
        self.cluster.sql("SELECT pg_reload_conf()")

    def terminate(self, role):
        self.cluster.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'")

    def sessions(self, where):
        return int(self.cluster.sql(f"SELECT count(*) FROM pg_stat_activity WHERE {where}"))

    def sampled_after(self, page, query, moment):
        return (page.value("tidegauge_query_up", query=query) == 1 and
                page.value("tidegauge_query_last_success_timestamp_seconds", query=query) > moment)

    def rotates(self, form, url, secret_of):
        """No signal is needed: secrets in files are read again at each connect."""
        self.make_role("rotating", "9first9")
        config = "databases:\n  app:\n" + (f"    url: {url}\n" if url else "") + f"    {form}: secret\n"
        daemon = Tidegauge(config=config, queries={"items": ITEMS_GAUGE}, start=False)
        self.addCleanup(daemon.close)
        secret = daemon.directory / "secret"
        secret.write_text(secret_of("9first9") + "\n")
        daemon.start()
        daemon.eventually_metrics(lambda p: p.value("items") == 30)
        # The server's side changes first.
        self.cluster.sql("ALTER ROLE rotating PASSWORD '9second9'")
        self.terminate("rotating")
        page = daemon.eventually_metrics(lambda p: p.value("tidegauge_failures_total", reason="connect") > 0)
        self.assertEqual(page.value("tidegauge_database_up"), 0)
        secret.write_text(secret_of("9second9") + "\n")
        now = time.time()
        daemon.eventually_metrics(lambda p: self.sampled_after(p, "items", now),
                                  bound=EVERY + LONGEST_BACK_OFF + SLACK)
        for password in ("9first9", "9second9"):
            self.assertNotIn(password, daemon.log_text())
        daemon.close()  # before its role goes

    def test_rotated_password_in_password_file_is_read_at_the_next_connect(self):
        self.rotates("password_file", self.cluster.url("rotating", self.database), lambda password: password)

    def test_rotated_password_in_url_file_is_read_at_the_next_connect(self):
        self.rotates("url_file", None, lambda password: self.cluster.url("rotating", self.database, password))

    def test_rotated_password_in_the_config_is_read_at_a_reload(self):
        self.make_role("rotating", "9first9")
        config = lambda password: f"databases:\n  app:\n    url: {self.cluster.url('rotating', self.database, password)}\n"
        daemon = self.run_daemon(config("9first9"), {"items": ITEMS_GAUGE})
        daemon.eventually_metrics(lambda p: p.value("items") == 30)
        self.cluster.sql("ALTER ROLE rotating PASSWORD '9second9'")
        self.terminate("rotating")
        daemon.eventually_metrics(lambda p: p.value("tidegauge_failures_total", reason="connect") > 0)
        daemon.write_config(config("9second9"))
        now = time.time()
        daemon.signal(signal.SIGHUP)
        # A new database waits for no back-off of the old one.
        daemon.eventually_metrics(lambda p: self.sampled_after(p, "items", now))
        daemon.close()  # before its role goes

    def test_new_url_takes_effect_at_once_and_the_old_role_leaves(self):
        self.make_role("old_role", "old")
        self.make_role("new_role", "new")
        config = lambda role, password: f"databases:\n  app:\n    url: {self.cluster.url(role, self.database, password)}\n"
        daemon = self.run_daemon(config("old_role", "old"), {"items": ITEMS_GAUGE})
        daemon.eventually_metrics(lambda p: p.value("items") == 30)
        daemon.write_config(config("new_role", "new"))
        now = time.time()
        daemon.signal(signal.SIGHUP)
        page = daemon.eventually_metrics(lambda p: self.sampled_after(p, "items", now))
        eventually(lambda: self.sessions("usename = 'old_role'") == 0, "the old role's sessions are closed")
        self.assertGreater(self.sessions("usename = 'new_role'"), 0)
        self.assertEqual(page.value("tidegauge_query_failures_total"), 0)
        self.assertEqual(page.value("tidegauge_config_last_reload_successful"), 1)

    def test_reload_without_a_change_keeps_sessions_values_and_counters(self):
        daemon = self.run_daemon(f"databases:\n  app:\n    url: {self.cluster.url(database=self.database)}\n",
                                 {"items": ITEMS_GAUGE})
        before = daemon.eventually_metrics(lambda p: p.value("tidegauge_query_samples_total", query="items") >= 2)
        with Watch(daemon, "items"):
            reloaded = before.value("tidegauge_config_last_reload_success_timestamp_seconds")
            for _ in range(3):
                daemon.signal(signal.SIGHUP)
                page = daemon.eventually_metrics(
                    lambda p: p.value("tidegauge_config_last_reload_success_timestamp_seconds") > reloaded)
                reloaded = page.value("tidegauge_config_last_reload_success_timestamp_seconds")
                self.assertEqual(page.value("items"), 30)
            seen = page.value("tidegauge_query_samples_total", query="items")
            page = daemon.eventually_metrics(lambda p: p.value("tidegauge_query_samples_total", query="items") > seen)
        self.assertEqual(page.value("tidegauge_database_connects_total"),
                         before.value("tidegauge_database_connects_total"))
        self.assertEqual(page.value("tidegauge_query_failures_total", query="items"), 0)

    def test_removed_and_added_databases(self):
        first = self.database
        second = f"{first[:50]}_second"
        self.cluster.sql(f"DROP DATABASE IF EXISTS {second} WITH (FORCE);")
        self.cluster.sql(f"CREATE DATABASE {second};")
        self.cluster.sql(ITEMS + "INSERT INTO items VALUES (31);", second)
        databases = lambda **named: "databases:\n" + "".join(
            f"  {name}: {{ url: \"{self.cluster.url(database=database)}\" }}\n" for name, database in named.items())
        daemon = self.run_daemon(databases(app=first), {"items": gauge("items", database="all")})
        daemon.eventually_metrics(lambda p: p.by("items", "database") == {"app": 30})

        daemon.write_config(databases(app=first, billing=second))
        daemon.signal(signal.SIGHUP)
        page = daemon.eventually_metrics(lambda p: p.by("items", "database") == {"app": 30, "billing": 31})
        self.assertEqual(page.value("tidegauge_database_up", database="billing"), 1)
        self.assertEqual(page.value("tidegauge_query_failures_total", database="app"), 0)

        daemon.write_config(databases(billing=second))
        daemon.signal(signal.SIGHUP)
        page = daemon.eventually_metrics(lambda p: p.by("items", "database") == {"billing": 31})
        self.assertEqual([l for _, l, _ in page.samples if l.get("database") == "app"], [], "nothing of it is left")
        eventually(lambda: self.sessions(f"datname = '{first}' AND application_name LIKE 'tidegauge%'") == 0,
                   "its sessions are closed")
        seen = page.value("tidegauge_query_samples_total", database="billing")
        daemon.eventually_metrics(lambda p: p.value("tidegauge_query_samples_total", database="billing") > seen)

    def test_database_that_hangs_is_removed(self):
        with Proxy(self.cluster.port) as proxy:
            databases = lambda names: "databases:\n" + "".join(
                f"  {name}: {{ url: \"{self.cluster.url(database=self.database, port=port)}\" }}\n"
                for name, port in names.items())
            both = {"app": self.cluster.port, "hung": proxy.port}
            daemon = self.run_daemon(databases(both), {"items": gauge("items", database="all")})
            daemon.eventually_metrics(lambda p: p.by("items", "database") == {"app": 30, "hung": 30})
            proxy.stall()
            daemon.eventually_metrics(lambda p: p.value("tidegauge_database_up", database="hung") == 0)
            with Watch(daemon, "items"):
                daemon.write_config(databases({"app": self.cluster.port}))
                daemon.signal(signal.SIGHUP)
                page = daemon.eventually_metrics(lambda p: not p.series("tidegauge_database_up", database="hung"))
                seen = page.value("tidegauge_query_samples_total")
                daemon.eventually_metrics(lambda p: p.value("tidegauge_query_samples_total") >= seen + 3)


if __name__ == "__main__":
    unittest.main(verbosity=2)
