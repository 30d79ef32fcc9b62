"""A real Postgres and a real tidegauge for tests, and a proxy between them that can break.

Python's standard library alone. Everything listens on free ports of 127.0.0.1 or on sockets in a
directory of its own, and is stopped by process id, whatever happens.
"""

import contextlib
import gzip
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import unittest
import weakref

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIDEGAUGE = os.environ.get("TIDEGAUGE_BINARY", str(ROOT / "build" / "tidegauge"))
# Sanitizers slow everything down; bounds are there for broken programs, not for slow machines.
PATIENCE = float(os.environ.get("TIDEGAUGE_TEST_PATIENCE", "60"))

# What is to be closed where a test program is told to end before its time.
_open = weakref.WeakSet()


def _close_all(*_):
    for thing in list(_open):
        with contextlib.suppress(Exception):
            thing.close()
    sys.stdout.flush()
    os._exit(128 + signal.SIGTERM)


signal.signal(signal.SIGTERM, _close_all)


def eventually(condition, what="condition", bound=None):
    """Polls until condition() is true and returns it; fails after `bound` seconds."""
    end = time.monotonic() + (bound or PATIENCE)
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"did not come true in time: {what}")
        time.sleep(0.05)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    """A throw-away Postgres. `settings` are postgresql.conf lines."""

    def __init__(self, settings=()):
        _open.add(self)
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="tidegauge-test-"))
        self.directory.chmod(0o755)
        options = " ".join(f"'-c {s}'" for s in settings)
        out = self._shell(f"postgres_start {self.directory} {options}; echo $PGPORT; postgres_bin")
        self.port = int(out.split()[0])
        self.bin = out.split()[1]

    def _shell(self, script):
        lib = ROOT / "scripts" / "lib" / "postgres.sh"
        done = subprocess.run(["bash", "-c", f"set -e; . {lib}; {script}"], capture_output=True,
                              text=True, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise RuntimeError(done.stdout + done.stderr)
        return done.stdout

    def ctl(self, *arguments):
        words = " ".join(arguments)
        self._shell(f"cd {self.directory}; postgres_as {self.bin}/pg_ctl -D {self.directory}/data "
                    f"-w -t 60 -l {self.directory}/postgres.log {words} >/dev/null 2>&1 </dev/null")

    def stop(self, mode="fast"):
        self.ctl("-m", mode, "stop")

    def start(self):
        """Starts again with the options of the first start."""
        opts = (self.directory / "data" / "postmaster.opts").read_text().strip()
        words = opts.split(" ", 1)[1].replace('"', "")
        words = words.split(" ", 2)[2] if words.startswith("-D") else words
        self._shell(f"cd {self.directory}; postgres_as {self.bin}/pg_ctl -D {self.directory}/data "
                    f"-w -t 60 -l {self.directory}/postgres.log -o '{words}' start >/dev/null 2>&1 </dev/null")

    def sql(self, text, database="postgres", user="postgres"):
        """Runs SQL as a superuser; returns psql's unaligned output."""
        done = subprocess.run(
            ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port),
             "-U", user, "-d", database], input=text, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def session(self, database="postgres", user="postgres"):
        """A psql that stays open (for locks); use as a context, write SQL with .run()."""
        return Psql(self, database, user)

    def url(self, user="postgres", database="postgres", password="", port=None):
        secret = f":{password}" if password else ""
        return f"postgresql://{user}{secret}@127.0.0.1:{port or self.port}/{database}"

    def close(self):
        with contextlib.suppress(Exception):
            self._shell(f"postgres_stop {self.directory} immediate")
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Psql:
    def __init__(self, cluster, database, user):
        self.process = subprocess.Popen(
            ["psql", "-XqAt", "-h", "127.0.0.1", "-p", str(cluster.port), "-U", user, "-d", database],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run(self, sql):
        """Runs and waits until it is done; returns the output."""
        self.process.stdin.write(sql + "\n\\echo --done--\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line.strip() == "--done--":
                return "\n".join(lines)
            lines.append(line.rstrip("\n"))
        raise RuntimeError("psql ended: " + "\n".join(lines))

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Metrics:
    """A text page, parsed: value("name", label="x") and so on."""

    LINE = re.compile(r"^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$")
    LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"')

    def __init__(self, text):
        self.text = text
        self.samples = []
        for line in text.splitlines():
            if not line or line.startswith("#"):
                continue
            match = self.LINE.match(line)
            assert match, f"not a sample line: {line!r}"
            name, labels, value = match.groups()
            unescape = lambda v: re.sub(r'\\(.)', lambda m: {"n": "\n"}.get(m[1], m[1]), v)
            pairs = {k: unescape(v) for k, v in self.LABEL.findall(labels or "")}
            self.samples.append((name, pairs, float(value)))

    def series(self, name, /, **labels):
        return [(l, v) for n, l, v in self.samples
                if n == name and all(l.get(k) == w for k, w in labels.items())]

    def value(self, name, /, **labels):
        """The one value, or None where there is none."""
        found = self.series(name, **labels)
        assert len(found) <= 1, f"{name}{labels} has {len(found)} series: {found}"
        return found[0][1] if found else None

    def by(self, name, label, /, **labels):
        """label value -> value"""
        return {l.get(label): v for l, v in self.series(name, **labels)}


class Tidegauge:
    """The daemon on a directory of its own. `queries`: name -> text of the gauge file."""

    def __init__(self, url=None, queries=None, config=None, environment=None, arguments=(), start=True):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="tidegauge-test-"))
        self.queries = self.directory / "queries"
        self.queries.mkdir()
        for name, text in (queries or {}).items():
            self.write_query(name, text)
        self.config_file = self.directory / "config.yaml"
        if config is None:
            config = f"databases:\n  app:\n    url: {url}\n"
        self.write_config(config)
        self.environment = dict(os.environ, **(environment or {}))
        self.arguments = arguments
        self.log_path = self.directory / "log"
        self.process = None
        _open.add(self)
        if start:
            self.start()

    def write_query(self, name, text):
        path = self.queries / f"{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"))
        return path

    def remove_query(self, name):
        (self.queries / f"{name}.sql").unlink()

    def write_config(self, text):
        self.config_file.write_text(textwrap.dedent(text))

    def start(self, wait=True):
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen(
            [TIDEGAUGE, "run", f"--config.file={self.config_file}",
             "--web.listen-address=127.0.0.1:0", "--log.level=debug", *self.arguments],
            stdout=self.log, stderr=self.log, env=self.environment, stdin=subprocess.DEVNULL)
        if wait:
            # The log says which port was free.
            eventually(lambda: self._find_port() or self.process.poll() is not None, "the daemon listens")
            if self.process.poll() is not None:
                raise RuntimeError(f"tidegauge ended with {self.process.returncode}:\n{self.log_text()}")

    def _find_port(self):
        for line in self.log_lines():
            if line.get("message") == "tidegauge runs":
                self.port = line["port"]
                return True
        return False

    def log_text(self):
        return self.log_path.read_text(errors="replace")

    def log_lines(self):
        lines = []
        for line in self.log_text().splitlines():
            with contextlib.suppress(ValueError):
                lines.append(json.loads(line))
        return lines

    def get(self, path="/metrics", headers=None, method="GET", timeout=None):
        """(status, headers, body bytes) of one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout or PATIENCE)
        try:
            connection.request(method, path, headers=headers or {})
            answer = connection.getresponse()
            body = answer.read()
            if answer.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            return answer.status, answer.headers, body
        finally:
            connection.close()

    def metrics(self):
        status, _, body = self.get()
        assert status == 200, status
        return Metrics(body.decode())

    def wait_ready(self):
        eventually(lambda: self.get("/readyz")[0] == 200, "ready")
        return self.metrics()

    def eventually_metrics(self, condition, what="metrics", bound=None):
        """The first page for which condition(Metrics) is true."""
        def look():
            page = self.metrics()
            return page if condition(page) else None
        return eventually(look, what, bound)

    def resident(self):
        """(VmRSS, RssAnon) in bytes."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        pick = lambda key: int(re.search(rf"^{key}:\s+(\d+) kB", status, re.M)[1]) * 1024
        return pick("VmRSS"), pick("RssAnon")

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        """SIGTERM; returns the exit code."""
        self.signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE)
        self.process = None
        self.log.close()
        return code

    def close(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.log.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            print(f"---- log of tidegauge\n{self.log_text()[-8000:]}----")
        self.close()


def run_tidegauge(*arguments, cwd=None, environment=None):
    """Runs a command to its end: returncode, stdout, stderr."""
    return subprocess.run([TIDEGAUGE, *arguments], capture_output=True, text=True, cwd=cwd,
                          env=dict(os.environ, **(environment or {})), stdin=subprocess.DEVNULL,
                          timeout=PATIENCE)


class Proxy:
    """A TCP proxy to 127.0.0.1:target. It can stall (pass nothing on, say nothing), refuse, or cut."""

    def __init__(self, target):
        self.target = target
        self.stalled = threading.Event()
        self.refusing = False
        self.connections = []
        self.bytes_to_server = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.refusing:
                client.close()
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                client.close()
                continue
            self.connections.append((client, server))
            threading.Thread(target=self._serve, args=(client, server), daemon=True).start()

    def _serve(self, client, server):
        with client, server:
            back = threading.Thread(target=self._pump, args=(server, client, False), daemon=True)
            back.start()
            self._pump(client, server, True)
            back.join()

    def _pump(self, source, sink, to_server):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                while self.stalled.is_set() and not self.closed:
                    time.sleep(0.02)
                if to_server:
                    self.bytes_to_server += len(data)
                    self.sent_to_server(source, data)
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def sent_to_server(self, client, data):
        """For subclasses that read along: a piece of what this client's socket sent."""

    def stall(self):
        """From now on nothing passes: a black hole."""
        self.stalled.set()

    def resume(self):
        self.stalled.clear()

    def cut(self):
        """Closes every connection there is."""
        for pair in self.connections:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self.connections.clear()

    def close(self):
        self.closed = True
        self.stalled.clear()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)  # wakes the thread in accept()
        self.listener.close()
        self.cut()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class PostgresTest(unittest.TestCase):
    """A test class with one cluster for all its tests; SETTINGS are its postgresql.conf lines."""

    SETTINGS = ()

    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster(cls.SETTINGS)

    @classmethod
    def tearDownClass(cls):
        cls.cluster.close()

    def make_database(self, sql=""):
        """A new, empty database; returns its name."""
        name = re.sub(r"\W", "_", self.id().rsplit(".", 1)[1].lower())[:60]
        self.cluster.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE);")
        self.cluster.sql(f"CREATE DATABASE {name};")
        if sql:
            self.cluster.sql(sql, database=name)
        return name
