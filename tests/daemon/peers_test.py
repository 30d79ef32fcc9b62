"""Faults that other exporters have been seen to make, each made against us on a real Postgres.

Numbers are of the list in docs/design.md, "What others get wrong".
"""

import json
import os
import re
import time
import unittest

from harness import (Cluster, PostgresTest, Proxy, Tidegauge, eventually, free_port, run_tidegauge)

ITEMS = """
CREATE TABLE items (id int GENERATED ALWAYS AS IDENTITY, status text, size numeric, rank smallint, made timestamptz DEFAULT now());
INSERT INTO items (status, size, rank) SELECT (ARRAY['draft','approved','published'])[1 + i % 3], i / 3.0, i % 5 FROM generate_series(1, 30) AS i;
CREATE ROLE reader LOGIN; GRANT SELECT ON items TO reader;
"""

BY_STATUS = """
-- gauge: items
-- help: Items by status.
-- every: 1s
-- labels: { status: [draft, approved, published] }
SELECT status, count(*) AS value FROM items GROUP BY status
"""


class PeersTest(PostgresTest):

    def run_on(self, queries, sql=ITEMS, user="postgres", config=None, **options):
        sql = sql.replace("CREATE ROLE reader LOGIN;", "DO $$BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END$$;")
        self.database = self.make_database(sql)
        url = self.cluster.url(user=user, database=self.database)
        text = None if config is None else config.replace("URL", url)
        daemon = Tidegauge(url=url, queries=queries, config=text, **options)
        self.addCleanup(daemon.close)
        return daemon

    def failing(self, daemon, name, reason, database="app"):
        """Waits until the query has failed; returns (page, message)."""
        page = daemon.eventually_metrics(
            lambda p: p.value("tidegauge_query_samples_total", query=name) and
            p.value("tidegauge_query_up", query=name) == 0, f"{name} fails")
        lines = [l for l in daemon.log_lines() if l.get("query") == name and l.get("outcome") == "failure"]
        self.assertEqual(lines[-1]["reason"], reason, lines[-1])
        self.assertGreaterEqual(page.value("tidegauge_failures_total", database=database, reason=reason), 1)
        return page, lines[-1]["message"]

    def test_01_misspelt_value_or_label_column_fails_and_says_which(self):
        daemon = self.run_on({
            "value": "-- gauge: a\n-- help: A.\n-- value: valeu\n-- every: 1s\nSELECT count(*) AS value FROM items",
            "label": "-- gauge: b\n-- help: B.\n-- every: 1s\n-- labels: { statsu: [draft] }\n"
                     "SELECT status, count(*) AS value FROM items GROUP BY status"})
        page, message = self.failing(daemon, "value", "columns")
        self.assertIn("valeu", message)
        self.assertIn("queries/value.sql", message)
        page, message = self.failing(daemon, "label", "columns")
        self.assertIn("statsu", message)
        self.assertEqual(page.series("a") + page.series("b"), [])

    def test_02_error_after_some_rows_publishes_nothing(self):
        daemon = self.run_on({"a": """
            -- gauge: a
            -- help: A.
            -- every: 1s
            -- labels: { rank: { max: 20 } }
            SELECT id AS rank, 1 / (5 - id) AS value FROM items WHERE id <= 10 ORDER BY id
            """})
        page, message = self.failing(daemon, "a", "sql")
        self.assertIn("division_by_zero", message)
        self.assertEqual(page.series("a"), [])

    def test_03_dropped_table_keeps_values_for_keep_for_and_no_longer(self):
        daemon = self.run_on({"items": BY_STATUS})
        daemon.eventually_metrics(lambda p: p.by("items", "status") == {"draft": 10, "approved": 10, "published": 10})
        self.cluster.sql("DROP TABLE items", self.database)
        page, message = self.failing(daemon, "items", "sql")
        self.assertIn("items", message)
        daemon.eventually_metrics(lambda p: p.series("items") == [], "the values are dropped")
        page = daemon.metrics()
        self.assertEqual(page.value("tidegauge_query_series", query="items"), 0)
        self.assertEqual(page.value("tidegauge_query_up", query="items"), 0)
        self.assertGreater(page.value("tidegauge_query_last_success_timestamp_seconds", query="items"), 0)

    def test_03b_group_that_vanishes_is_zero_where_listed_and_gone_where_not(self):
        daemon = self.run_on({"closed": BY_STATUS, "open": """
            -- gauge: open_items
            -- help: Items.
            -- every: 1s
            -- labels: { status: { max: 10 } }
            SELECT status, count(*) AS value FROM items GROUP BY status
            """})
        daemon.eventually_metrics(lambda p: len(p.series("open_items")) == 3 and p.value("items", status="draft") == 10)
        self.cluster.sql("UPDATE items SET status = 'approved' WHERE status = 'draft'", self.database)
        daemon.eventually_metrics(
            lambda p: p.by("items", "status") == {"draft": 0, "approved": 20, "published": 10} and
            p.by("open_items", "status") == {"approved": 20, "published": 10})

    def test_04_rows_with_the_same_labels_fail_their_query_alone(self):
        daemon = self.run_on({"items": BY_STATUS, "twice": """
            -- gauge: twice
            -- help: Items.
            -- every: 1s
            -- labels: { status: [draft, approved, published] }
            SELECT status, rank AS value FROM items
            """})
        page, message = self.failing(daemon, "twice", "duplicate")
        self.assertIn("queries/twice.sql", message)
        page = daemon.eventually_metrics(lambda p: p.value("items", status="draft") == 10)
        self.assertEqual(page.series("twice"), [])
        self.assertEqual(daemon.get("/metrics")[0], 200)

    def test_05_without_an_interval_a_query_runs_once_a_minute(self):
        daemon = self.run_on({"a": "-- gauge: a\n-- help: A.\nSELECT count(*) AS value FROM items"})
        daemon.eventually_metrics(lambda p: p.value("a") == 30)
        time.sleep(3)
        page = daemon.metrics()
        self.assertLessEqual(page.value("tidegauge_query_samples_total", query="a"), 2)
        self.assertEqual(page.value("tidegauge_query_interval_seconds", query="a"), 60)

    def test_06_hanging_query_leaves_neighbours_and_scrapes_alone_and_is_cancelled(self):
        daemon = self.run_on({"items": BY_STATUS, "hang": """
            -- gauge: hang
            -- help: H.
            -- every: 1m
            -- timeout: 2s
            SELECT 1 AS value FROM pg_sleep(600)
            """})
        page, message = self.failing(daemon, "hang", "timeout")
        before = daemon.metrics().value("tidegauge_query_samples_total", query="items")
        started = time.monotonic()
        daemon.eventually_metrics(lambda p: p.value("tidegauge_query_samples_total", query="items") >= before + 3)
        self.assertEqual(daemon.get("/healthz")[0], 200)
        # Nothing of it runs on in the server.
        eventually(lambda: self.cluster.sql(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND state = 'active' AND pid <> pg_backend_pid()") == "0",
            "the statement has ended in the server")

    def test_07_settings_hold_in_every_transaction_and_every_session(self):
        daemon = self.run_on({"settings": """
            -- gauges:
            --   statement_timeout_set: { value: st, help: S. }
            --   read_only_set: { value: ro, help: R. }
            -- every: 1s
            -- timeout: 900ms
            SELECT (SELECT setting::int BETWEEN 1 AND 900 FROM pg_settings WHERE name = 'statement_timeout')::int AS st,
                   (current_setting('transaction_read_only') = 'on')::int AS ro
            """})
        good = lambda p: p.value("statement_timeout_set") == 1 and p.value("read_only_set") == 1
        daemon.eventually_metrics(good)
        for _ in range(3):
            self.cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'tidegauge%' AND pid <> pg_backend_pid()")
            seen = daemon.metrics().value("tidegauge_query_samples_total", query="settings")
            page = daemon.eventually_metrics(lambda p: p.value("tidegauge_query_samples_total", query="settings") > seen)
            self.assertTrue(good(page))
        # A session found closed is no failure.
        self.assertEqual(page.value("tidegauge_query_failures_total", query="settings"), 0)

    def test_08_writing_is_refused_by_check_and_by_the_transaction(self):
        daemon = self.run_on({"items": BY_STATUS, "writes": """
            -- gauge: written
            -- help: W.
            -- every: 1s
            SELECT write_item() AS value
            """}, sql=ITEMS + """CREATE FUNCTION write_item() RETURNS int LANGUAGE sql AS
               $$ INSERT INTO items (status) VALUES ('evil') RETURNING id $$;""")
        self.failing(daemon, "writes", "read_only")
        self.assertEqual(self.cluster.sql("SELECT count(*) FROM items WHERE status = 'evil'", self.database), "0")
        daemon.write_query("insert", "-- gauge: i\n-- help: I.\nINSERT INTO items (status) VALUES ('evil') RETURNING id AS value")
        done = run_tidegauge("check", f"--config.file={daemon.config_file}")
        self.assertEqual(done.returncode, 1)
        self.assertIn("queries/insert.sql:3:1: error:", done.stderr)

    def test_09_null_is_neither_zero_nor_nan(self):
        daemon = self.run_on({"n": """
            -- gauges:
            --   left_out: { value: a, help: A. }
            --   there: { value: b, help: B. }
            -- every: 1s
            SELECT max(id) FILTER (WHERE false) AS a, count(*) AS b FROM items
            """, "strict": """
            -- gauge: strict
            -- help: S.
            -- every: 1s
            -- nulls: fail
            SELECT NULL::int AS value
            """})
        page = daemon.eventually_metrics(lambda p: p.value("there") == 30)
        self.assertEqual(page.series("left_out"), [])
        self.assertEqual(page.value("tidegauge_query_absent_values", query="n"), 1)
        self.failing(daemon, "strict", "null")

    def test_10_numeric_smallint_and_boolean_are_numbers(self):
        daemon = self.run_on({"n": """
            -- gauges:
            --   as_numeric: { value: n, help: N. }
            --   as_smallint: { value: s, help: S. }
            --   as_boolean: { value: b, help: B. }
            --   as_extract_timestamp_seconds: { value: e, help: E. }
            --   as_real: { value: r, help: R. }
            -- every: 1s
            SELECT sum(size) AS n, max(rank) AS s, true AS b,
                   extract(epoch FROM timestamptz '2024-01-01 00:00:00Z') AS e, 0.5::real AS r FROM items
            """})
        page = daemon.eventually_metrics(lambda p: p.value("as_smallint") is not None)
        self.assertAlmostEqual(page.value("as_numeric"), 155)
        self.assertEqual(page.value("as_smallint"), 4)
        self.assertEqual(page.value("as_boolean"), 1)
        self.assertEqual(page.value("as_extract_timestamp_seconds"), 1704067200)
        self.assertEqual(page.value("as_real"), 0.5)

    def test_11_timestamp_as_value_fails_and_names_the_cure(self):
        daemon = self.run_on({"t": "-- gauge: t\n-- help: T.\n-- every: 1s\nSELECT max(made) AS value FROM items"})
        _, message = self.failing(daemon, "t", "type")
        self.assertIn("value", message)
        self.assertIn("extract(epoch FROM", message)

    def test_12_query_that_failed_comes_back_by_itself(self):
        daemon = self.run_on({"later": "-- gauge: later\n-- help: L.\n-- every: 1s\nSELECT count(*) AS value FROM later"})
        self.failing(daemon, "later", "sql")
        self.cluster.sql("CREATE TABLE later (id int); INSERT INTO later VALUES (1), (2)", self.database)
        daemon.eventually_metrics(lambda p: p.value("later") == 2 and p.value("tidegauge_query_up", query="later") == 1)

    def test_13_many_label_values_fold_or_fail_but_never_flood(self):
        daemon = self.run_on({"folds": """
            -- gauge: folds
            -- help: F.
            -- every: 1s
            -- labels: { name: { max: 5 } }
            SELECT 'n' || i AS name, i AS value FROM generate_series(1, 5000) AS i
            """, "fails": """
            -- gauge: fails
            -- help: F.
            -- every: 1s
            -- labels: { name: { max: 5000 } }
            SELECT 'n' || i AS name, i AS value FROM generate_series(1, 5000) AS i
            """, "rows": """
            -- gauge: rows
            -- help: R.
            -- every: 2s
            -- labels: { name: { max: 5 } }
            SELECT 'n' || i AS name, i AS value FROM generate_series(1, 50000) AS i
            """})
        page = daemon.eventually_metrics(lambda p: p.series("folds"))
        self.assertEqual(set(page.by("folds", "name")), {"n5000", "n4999", "n4998", "n4997", "n4996", "other"})
        self.assertEqual(page.value("folds", name="other"), sum(range(1, 4996)))
        self.assertEqual(page.value("tidegauge_query_folded_values", query="folds"), 4995)
        self.failing(daemon, "fails", "too_many_series")
        self.failing(daemon, "rows", "too_many_rows")

    def test_14_slow_and_locked_queries_never_pile_up(self):
        queries = {"items": BY_STATUS}
        for i in range(10):
            queries[f"locked{i}"] = (f"-- gauge: locked{i}\n-- help: L.\n-- every: 1s\nSELECT count(*) AS value FROM locked")
        daemon = self.run_on(queries, sql=ITEMS + "CREATE TABLE locked (id int);")
        daemon.wait_ready()
        with self.cluster.session(self.database) as locker:
            locker.run("BEGIN; LOCK TABLE locked IN ACCESS EXCLUSIVE MODE;")
            for i in range(10):
                self.failing(daemon, f"locked{i}", "lock_timeout")
            # From here on they share one session.
            skipped = daemon.metrics().value("tidegauge_query_skipped_total", query="items")
            seen = daemon.metrics().value("tidegauge_query_samples_total", query="items")
            most = 0
            def look():
                nonlocal most
                most = max(most, int(self.cluster.sql(
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'tidegauge%'")))
                return daemon.metrics().value("tidegauge_query_samples_total", query="items") >= seen + 4
            eventually(look, "the neighbour goes on")
            self.assertLessEqual(most, 2)
            page = daemon.metrics()
            self.assertEqual(page.value("tidegauge_query_up", query="items"), 1)
            self.assertEqual(page.value("tidegauge_query_skipped_total", query="items"), skipped)
            locker.run("ROLLBACK;")
        daemon.eventually_metrics(lambda p: all(p.value("tidegauge_query_up", query=f"locked{i}") == 1 for i in range(10)))

    def test_15_failed_sample_is_tried_again_before_its_interval_ends(self):
        daemon = self.run_on({"daily": "-- gauge: daily\n-- help: D.\n-- every: 1d\nSELECT count(*) AS value FROM later"})
        self.failing(daemon, "daily", "sql")
        self.cluster.sql("CREATE TABLE later (id int)", self.database)
        daemon.eventually_metrics(lambda p: p.value("daily") == 0, "the early retry")

    def test_16_empty_result_is_zero_for_a_closed_list_absent_otherwise_and_a_success(self):
        daemon = self.run_on({"items": BY_STATUS, "latest": """
            -- gauge: latest_item_timestamp_seconds
            -- help: L.
            -- every: 1s
            SELECT extract(epoch FROM made) AS value FROM items ORDER BY made DESC LIMIT 1
            """})
        daemon.eventually_metrics(lambda p: p.value("latest_item_timestamp_seconds"))
        self.cluster.sql("TRUNCATE items", self.database)
        page = daemon.eventually_metrics(
            lambda p: p.by("items", "status") == {"draft": 0, "approved": 0, "published": 0} and
            not p.series("latest_item_timestamp_seconds"))
        first = page.value("tidegauge_query_last_success_timestamp_seconds", query="latest")
        daemon.eventually_metrics(
            lambda p: p.value("tidegauge_query_last_success_timestamp_seconds", query="latest") > first)
        self.assertEqual(page.value("tidegauge_query_up", query="latest"), 1)

    def test_17_typo_in_a_header_or_in_the_config_stops_the_start(self):
        with Tidegauge(url=self.cluster.url(), start=False,
                       queries={"a": "-- gauge: a\n-- help: A.\n-- evry: 1s\nSELECT 1 AS value"}) as daemon:
            done = run_tidegauge("run", f"--config.file={daemon.config_file}")
            self.assertEqual(done.returncode, 1)
            self.assertIn("queries/a.sql:3:4: error: unknown key 'evry' (did you mean 'every'?)", done.stderr)
            daemon.write_query("a", "-- gauge: a\n-- help: A.\nSELECT 1 AS value")
            daemon.write_config("databases: { app: { url: postgresql://x/ } }\nlimts: {}\n")
            done = run_tidegauge("run", f"--config.file={daemon.config_file}")
            self.assertEqual(done.returncode, 1)
            self.assertIn("config.yaml:2:1: error: unknown key 'limts' (did you mean 'limits'?)", done.stderr)

    def test_18_check_finds_broken_sql(self):
        database = self.make_database(ITEMS.split("CREATE ROLE")[0])
        with Tidegauge(url=self.cluster.url(database=database), start=False, queries={
                "a": "-- gauge: a\n-- help: A.\nSELECT count(*) AS value\nFORM items",
                "b": "-- gauge: b\n-- help: B.\nSELECT count(*) AS value\nFROM itms",
                "c": BY_STATUS}) as daemon:
            done = run_tidegauge("check", "--database", f"--config.file={daemon.config_file}")
            self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
            self.assertRegex(done.stderr, r"queries/a\.sql:4(:\d+)?: error: ")
            self.assertRegex(done.stderr, r"queries/b\.sql:4(:\d+)?: error: ")
            self.assertNotIn("queries/c.sql:", done.stderr)

    def test_19_reload_is_all_or_nothing(self):
        daemon = self.run_on({"items": BY_STATUS})
        page = daemon.eventually_metrics(lambda p: p.value("tidegauge_query_samples_total", query="items") >= 3)
        before = page.value("tidegauge_query_samples_total", query="items")
        daemon.write_query("broken", "-- gauge: broken\nSELECT 1 AS value")
        daemon.signal(1)
        page = daemon.eventually_metrics(lambda p: p.value("tidegauge_config_last_reload_successful") == 0)
        self.assertEqual(page.value("items", status="draft"), 10)
        self.assertTrue(any("queries/broken.sql" in l["message"] for l in daemon.log_lines() if l["level"] == "error"))
        daemon.write_query("broken", "-- gauge: mended\n-- help: M.\nSELECT 5 AS value")
        daemon.signal(1)
        page = daemon.eventually_metrics(lambda p: p.value("mended") == 5)
        self.assertEqual(page.value("tidegauge_config_last_reload_successful"), 1)
        samples = page.value("tidegauge_query_samples_total", query="items")
        self.assertGreaterEqual(samples, before, "a reload forgets nothing of what stays")

    def test_20_samples_carry_no_timestamp(self):
        daemon = self.run_on({"items": BY_STATUS})
        page = daemon.wait_ready()
        for line in page.text.splitlines():
            if not line.startswith("#"):
                self.assertRegex(line, r"(\}| )[^ }]+$")
                self.assertNotRegex(line, r" \S+ \d{10,}$")

    def test_21_no_password_anywhere(self):
        secret = "sEcr3t/p@ss"
        for form in (f"postgresql://u:{secret}@127.0.0.1:{self.cluster.port}/postgres",
                     f"postgresql://u:sEcr3t%zz@127.0.0.1:{self.cluster.port}/postgres",
                     f"host=127.0.0.1 port={self.cluster.port} user=nobody_here password=sEcr3t dbname=postgres",
                     f"host=127.0.0.1 port={self.cluster.port} user=u password='sEcr3t dbname=postgres",
                     f"postgresql://nobody_here:sEcr3t@127.0.0.1:{self.cluster.port}/postgres"):
            with self.subTest(form=form):
                config = "databases:\n  app:\n    url: " + json.dumps(form) + "\n"
                with Tidegauge(queries={"a": "-- gauge: a\n-- help: A.\n-- every: 1s\nSELECT 1 AS value"},
                               config=config) as daemon:
                    daemon.eventually_metrics(lambda p: p.value("tidegauge_query_failures_total", query="a"))
                    everything = daemon.log_text() + daemon.metrics().text
                    for path in ("/", "/readyz", "/healthz"):
                        everything += daemon.get(path)[2].decode()
                    for command in (["check", "--database"], ["sample"], ["check"]):
                        done = run_tidegauge(*command, f"--config.file={daemon.config_file}")
                        everything += done.stdout + done.stderr
                    for piece in ("sEcr3t", "p@ss", "%zz"):
                        self.assertNotIn(piece, everything)

    def test_22_database_down_and_sampler_down_look_different(self):
        with Tidegauge(url=f"postgresql://postgres@127.0.0.1:{free_port()}/postgres",
                       queries={"a": "-- gauge: a\n-- help: A.\n-- every: 1s\nSELECT 1 AS value"}) as daemon:
            page = daemon.eventually_metrics(lambda p: p.value("tidegauge_query_failures_total", query="a"))
            self.assertEqual(page.value("tidegauge_database_up", database="app"), 0)
            self.assertGreaterEqual(page.value("tidegauge_failures_total", reason="connect", database="app"), 1)
            self.assertEqual(daemon.get("/healthz")[0], 200)
            status, _, body = daemon.get("/readyz")
            self.assertEqual(status, 503)
            self.assertIn("database app: not reached", body.decode())

    def test_23_label_called_user_works_and_reserved_ones_are_refused(self):
        daemon = self.run_on({"u": """
            -- gauge: by_user
            -- help: U.
            -- every: 1s
            -- labels: { user: { max: 3 } }
            SELECT 'ann' AS "user", 1 AS value
            """})
        daemon.eventually_metrics(lambda p: p.value("by_user", user="ann") == 1)
        daemon.write_query("j", "-- gauge: j\n-- help: J.\n-- labels: { job: [a] }\nSELECT 'a' AS job, 1 AS value")
        done = run_tidegauge("check", f"--config.file={daemon.config_file}")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"queries/j\.sql:3:\d+: error: .*'job'")

    def test_24_failing_query_shows_as_failing_from_the_first_page_on(self):
        daemon = self.run_on({"a": "-- gauge: a\n-- help: A.\n-- every: 1s\nSELECT count(*) AS value FROM nowhere"})
        page = daemon.metrics()
        self.assertEqual(page.value("tidegauge_query_up", query="a"), 0)
        self.assertEqual(page.value("tidegauge_query_last_success_timestamp_seconds", query="a"), 0)
        self.assertIsNotNone(page.value("tidegauge_failures_total", database="app", reason="sql"))
        self.failing(daemon, "a", "sql")

    def test_26_rows_hidden_by_a_policy_are_a_failure_and_not_a_smaller_number(self):
        sql = ITEMS + """
            ALTER TABLE items ENABLE ROW LEVEL SECURITY;
            CREATE POLICY own ON items FOR SELECT TO reader USING (status = 'draft');
        """
        query = {"a": "-- gauge: a\n-- help: A.\n-- every: 1s\nSELECT count(*) AS value FROM items"}
        daemon = self.run_on(query, sql=sql, user="reader")
        page, message = self.failing(daemon, "a", "permission")
        self.assertIn("row_security: apply", message)
        self.assertEqual(page.series("a"), [])
        applied = Tidegauge(queries=query, config=f"databases:\n  app:\n    url: {self.cluster.url('reader', self.database)}\n    row_security: apply\n")
        self.addCleanup(applied.close)
        applied.eventually_metrics(lambda p: p.value("a") == 10)

    def test_26b_missing_grant_names_the_object_and_prints_the_grant(self):
        sql = ITEMS + "CREATE TABLE secret_plans (id int);"
        daemon = self.run_on({"a": "-- gauge: a\n-- help: A.\n-- every: 1s\nSELECT count(*) AS value FROM secret_plans"},
                             sql=sql, user="reader")
        _, message = self.failing(daemon, "a", "permission")
        self.assertIn("GRANT SELECT ON", message)
        self.assertIn("secret_plans", message)
        self.assertIn("reader", message)


class SharedPoolTest(PostgresTest):
    """25: behind PgBouncer's transaction pooling."""

    def test_25_works_behind_transaction_pooling_and_leaves_nothing_behind(self):
        import pathlib
        import shutil
        import subprocess
        import tempfile
        if shutil.which("pgbouncer") is None:
            self.skipTest("pgbouncer is not installed: run scripts/setup --test")
        database = self.make_database(ITEMS.split("CREATE ROLE")[0])
        directory = pathlib.Path(tempfile.mkdtemp(prefix="tidegauge-test-"))
        self.addCleanup(shutil.rmtree, directory, ignore_errors=True)
        port = free_port()
        (directory / "users").write_text('"postgres" ""\n')
        (directory / "ini").write_text(f"""
[databases]
* = host=127.0.0.1 port={self.cluster.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {directory}/users
pool_mode = transaction
default_pool_size = 1
""")
        command = ["pgbouncer", "-q", str(directory / "ini")]
        if os.getuid() == 0:
            shutil.chown(directory, "postgres")
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *command]
        os.chmod(directory, 0o755)
        bouncer = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(bouncer.wait)
        self.addCleanup(bouncer.kill)
        daemon = Tidegauge(url=self.cluster.url(database=database, port=port), queries={
            "items": BY_STATUS,
            "param": "-- gauge: param\n-- help: P.\n-- every: 1s\n-- params: { age: 48 hours }\n"
                     "SELECT extract(hour FROM current_setting('tidegauge.age')::interval) AS value"})
        self.addCleanup(daemon.close)
        page = daemon.eventually_metrics(lambda p: p.value("items", status="draft") == 10 and p.value("param") == 48)
        daemon.eventually_metrics(lambda p: p.value("tidegauge_query_samples_total", query="items") >= 5)
        self.assertEqual(daemon.metrics().value("tidegauge_query_failures_total", query="items"), 0)
        # The one server connection is shared with the application: it finds its own settings there.
        out = subprocess.run(["psql", "-XqAt", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "-d", database,
                              "-c", "SELECT current_setting('transaction_read_only'), current_setting('statement_timeout'), "
                                    "coalesce(current_setting('tidegauge.age', true), ''), (SELECT count(*) FROM pg_prepared_statements)"],
                             capture_output=True, text=True)
        self.assertEqual(out.stdout.strip(), "off|0||0", out.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
