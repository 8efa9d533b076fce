#!/usr/bin/env python3
"""Captures real sessions with a private PostgreSQL as annotated hex, one file per theme, beside this script.

Usage: capture.py [directory of initdb and postgres]; default: pg_config --bindir. As root it runs the server as postgres.
A line is "> hex  # name" for a message of the client, "< hex  # name" for one of the server, in the order seen;
"= quiet" stands where the server has answered everything and the ledger must say so.
"""
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).parent
FRONTEND = dict(Q="Query", P="Parse", B="Bind", E="Execute", D="Describe", C="Close", H="Flush", S="Sync",
                F="FunctionCall", d="CopyData", c="CopyDone", f="CopyFail", X="Terminate")
BACKEND = dict(R="Authentication", S="ParameterStatus", K="BackendKeyData", Z="ReadyForQuery", E="ErrorResponse",
               N="NoticeResponse", T="RowDescription", D="DataRow", C="CommandComplete", I="EmptyQueryResponse",
               n="NoData", t="ParameterDescription", s="PortalSuspended", V="FunctionCallResponse",
               G="CopyInResponse", H="CopyOutResponse", d="CopyData", c="CopyDone",
               **{"1": "ParseComplete", "2": "BindComplete", "3": "CloseComplete"})


def msg(kind, body=b""):
    return kind.encode() + struct.pack("!i", len(body) + 4) + body


def z(text):
    return text.encode() + b"\0"


def query(sql):
    return msg("Q", z(sql))


def parse(sql, name=""):
    return msg("P", z(name) + z(sql) + b"\0\0")


def bind(portal="", name=""):
    return msg("B", z(portal) + z(name) + b"\0" * 6)


def execute(rows=0, portal=""):
    return msg("E", z(portal) + struct.pack("!i", rows))


DESCRIBE_PORTAL, DESCRIBE_STATEMENT = msg("D", b"P\0"), msg("D", b"S\0")
SYNC, FLUSH, DONE = msg("S"), msg("H"), msg("c")


def fail(reason):
    return msg("f", z(reason))


def data(text):
    return msg("d", text.encode())


def pbes(sql):
    return parse(sql) + bind() + DESCRIBE_PORTAL + execute() + SYNC


class Log:
    """Collects messages of both directions; bytes of an unfinished message wait for the rest."""

    def __init__(self):
        self.lines, self.rest, self.lock = [], {">": b"", "<": b""}, threading.Lock()

    def add(self, direction, chunk):
        with self.lock:
            buffer = self.rest[direction] + chunk
            while len(buffer) >= 5:
                size = struct.unpack("!i", buffer[1:5])[0] + 1
                if len(buffer) < size:
                    break
                self.line(direction, buffer[:size])
                buffer = buffer[size:]
            self.rest[direction] = buffer

    def line(self, direction, message):
        name = (FRONTEND if direction == ">" else BACKEND)[chr(message[0])]
        self.lines.append(f"{direction} {message.hex()}  # {name}")

    def write(self, name, comment):
        path = HERE / f"{name}.hex"
        path.write_text(f"# {comment}\n" + "\n".join(self.lines) + "\n")


class Client:
    """A raw client; the login is logged only on request."""

    def __init__(self, port, log=None):
        self.log = Log()
        self.socket = socket.create_connection(("127.0.0.1", port))
        body = struct.pack("!i", 196608) + z("user") + z("postgres") + z("database") + z("postgres") + b"\0"
        startup = struct.pack("!i", len(body) + 4) + body
        if log is not None:
            self.log = log
            log.lines.append(f"> {startup.hex()}  # StartupMessage")
        self.socket.sendall(startup)
        self.until("Z")
        if log is None:
            self.log = Log()

    def send(self, message):
        self.log.add(">", message)
        self.socket.sendall(message)

    def until(self, kind, count=1):
        for _ in range(count):
            while self.read() != kind:
                pass

    def read(self):
        header = self.exactly(5)
        body = self.exactly(struct.unpack("!i", header[1:])[0] - 4)
        self.log.add("<", header + body)
        return chr(header[0])

    def exactly(self, size):
        received = b""
        while len(received) < size:
            piece = self.socket.recv(size - len(received))
            if not piece:
                raise EOFError
            received += piece
        return received

    def quiet(self):
        self.log.lines.append("= quiet")

    def exchange(self, message, readies=1):
        self.send(message)
        self.until("Z", readies)
        self.quiet()


def scenarios(port):
    log = Log()
    Client(port, log).quiet()
    log.write("login", "startup and login with trust")

    setup = Client(port)
    setup.exchange(query("create table t (id int primary key, v text);"
                         "create table d (id int unique deferrable initially deferred)"))

    def session(name, comment):
        def run(body):
            client = Client(port)
            body(client)
            client.log.write(name, comment)
            client.socket.close()
        return run

    @session("simple", "simple queries: one, several, none, a failing one amid others, a notice, three in one send")
    def _(c):
        c.exchange(query("select 1"))
        c.exchange(query("select 1; select 2 where false; select 3"))
        c.exchange(query(""))
        c.exchange(query("select 1; select 1/0; select 2"))
        c.exchange(query("do $$ begin raise notice 'ReadyForQuery %', 'Z'; end $$"))
        c.exchange(query("begin") + query("select 1/0") + query("rollback"), 3)

    @session("extended", "extended query, pipelined: three Syncs in one send, then one Sync for all")
    def _(c):
        c.exchange(pbes("select 1") + pbes("select 2") + pbes(""), 3)
        c.exchange(parse("select 1") + bind() + execute() + parse("create temp table x ()") + DESCRIBE_STATEMENT + bind()
                   + DESCRIBE_PORTAL + execute() + msg("C", b"S\0") + SYNC)

    @session("flush", "Flush between the steps, and rows in portions: PortalSuspended")
    def _(c):
        c.send(parse("select generate_series(1, 3)") + DESCRIBE_STATEMENT + FLUSH)
        c.until("T")
        c.send(bind() + execute(2) + FLUSH)
        c.until("s")
        c.send(execute(2) + SYNC)
        c.until("Z")
        c.quiet()

    @session("error_skip", "errors in a pipeline: all up to the next Sync is skipped, even a Query; then a Query amid unsynced messages")
    def _(c):
        c.exchange(parse("select") + bind() + parse("nonsense") + bind() + query("select 1") + execute() + SYNC + pbes("select 2"), 2)
        c.send(parse("nonsense") + FLUSH)
        c.until("E")
        c.send(bind() + query("select 1") + DONE + execute() + SYNC)
        c.until("Z")
        c.quiet()
        c.send(parse("select 1") + bind() + query("select 2") + SYNC)
        c.until("Z", 2)
        c.quiet()

    @session("sync_error", "the commit at Sync fails: ErrorResponse and one ReadyForQuery")
    def _(c):
        c.exchange(pbes("insert into d values (1), (1)") + query("select 1"), 2)

    @session("function_call", "FunctionCall of int4pl(1, 2), and one that fails")
    def _(c):
        def call(oid):
            return msg("F", struct.pack("!ihhi", oid, 0, 2, 1) + b"1" + struct.pack("!i", 1) + b"2" + b"\0\0")
        c.exchange(call(177))
        c.exchange(call(999999999) + call(177) + SYNC, 3)

    @session("copy_in", "COPY FROM STDIN by simple query, two in one Query, and with everything sent at once")
    def _(c):
        c.send(query("copy t from stdin"))
        c.until("G")
        c.exchange(data("1\tone\n") + data("2\ttwo\n") + DONE)
        c.send(query("copy t from stdin; select 1; copy t from stdin"))
        c.until("G")
        c.send(data("3\tthree\n") + DONE)
        c.until("G")
        c.exchange(data("4\tfour\n") + SYNC + DONE)
        c.exchange(query("copy t from stdin") + data("5\tfive\n") + DONE + query("select 1"), 2)

    @session("copy_in_extended", "COPY FROM STDIN by Execute: Sync at the end; an early Sync, which is ignored; a pipeline behind CopyDone")
    def _(c):
        copy = parse("copy t from stdin") + bind() + execute()
        c.send(copy + FLUSH)
        c.until("G")
        c.exchange(data("11\ta\n") + DONE + SYNC)
        c.send(copy + SYNC)
        c.until("G")
        c.exchange(data("12\ta\n") + SYNC + DONE + SYNC)
        c.exchange(copy + SYNC + data("13\ta\n") + DONE + parse("select 1") + bind() + execute() + SYNC + pbes("select 2"), 2)

    @session("copy_fail", "COPY FROM STDIN that fails, by simple query: CopyFail, bad data, and CopyDone after the error")
    def _(c):
        c.send(query("copy t from stdin"))
        c.until("G")
        c.exchange(data("21\ta\n") + fail("changed my mind"))
        c.exchange(query("copy t from stdin") + data("nonsense\n") + DONE + query("select 1"), 2)
        c.send(query("copy t from stdin") + data("nonsense\n"))
        c.until("Z")
        c.quiet()
        c.send(data("22\tb\n") + DONE)
        c.exchange(SYNC)

    @session("copy_fail_extended", "COPY FROM STDIN by Execute that fails: skips to the Sync after CopyFail or CopyDone")
    def _(c):
        copy = parse("copy t from stdin") + bind() + execute()
        c.send(copy + FLUSH)
        c.until("G")
        c.exchange(fail("no") + execute() + SYNC)
        c.exchange(copy + data("nonsense\n") + DONE + query("select 1") + SYNC + pbes("select 1"), 2)

    @session("copy_fail_early_sync", "as before with an early Sync: whether the COPY swallowed it cannot be seen; quiet again with the next request")
    def _(c):
        c.send(parse("copy t from stdin") + bind() + execute() + SYNC)
        c.until("G")
        c.send(data("nonsense\n") + DONE + SYNC)
        c.until("Z")
        c.exchange(query("select 1"))
        c.exchange(pbes("select 1"))

    @session("copy_out", "COPY TO STDOUT by simple query and by Execute")
    def _(c):
        c.exchange(query("copy (select 1, 'Z') to stdout; select 1"))
        c.exchange(pbes("copy (select 1, 'Z') to stdout"))


def tap(port, name, comment, command, stdin, connections=1):
    """Logs what a real client says after its login; of several connections, one after the other, only the last."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)
    process = subprocess.Popen([str(part).replace("PORT", str(listener.getsockname()[1])) for part in command],
                               stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    process.stdin.write(stdin)
    process.stdin.close()
    for _ in range(connections):
        log = relay(listener.accept()[0], socket.create_connection(("127.0.0.1", port)))
    process.wait(10)
    log.lines = [line for line in log.lines if not line.endswith("Terminate")] + ["= quiet"]
    log.write(name, comment)


def relay(near, far):
    log = Log()
    far.sendall(near.recv(65536))
    greeting = b""
    while greeting[-6:-1] != b"Z\0\0\0\5":
        greeting += far.recv(65536)
    near.sendall(greeting)

    def pump(source, target, direction):
        while chunk := source.recv(65536):
            log.add(direction, chunk)
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)

    threads = [threading.Thread(target=pump, args=args) for args in ((near, far, ">"), (far, near, "<"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return log


def taps(port, binaries, folder):
    target = ["-h", "127.0.0.1", "-p", "PORT", "-U", "postgres"]
    os.environ.update(PGSSLMODE="disable", PGGSSENCMODE="disable", PGDATABASE="postgres")
    tap(port, "psql_copy_in", "psql -c 'copy t from stdin'", [binaries / "psql", "-Xq", *target, "-c", "copy t from stdin"],
        b"31\ta\n32\tb\n")
    script = pathlib.Path(folder) / "pipeline.sql"
    script.write_text("\\startpipeline\nselect 1;\nbegin;\nselect 2;\nend;\n\\endpipeline\n")
    tap(port, "pgbench_pipeline", "pgbench -M extended with \\startpipeline: libpq's pipeline mode",
        [binaries / "pgbench", "-n", "-t", "1", "-M", "extended", "-f", script, *target], b"", connections=2)


def main():
    where = sys.argv[1] if len(sys.argv) > 1 else subprocess.check_output(["pg_config", "--bindir"], text=True).strip()
    binaries = pathlib.Path(where)
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    folder = tempfile.mkdtemp(prefix="tigger-capture-")
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    cluster = os.path.join(folder, "data")
    subprocess.check_call([*as_user, binaries / "initdb", "-D", cluster, "-U", "postgres", "-A", "trust", "--no-sync"],
                          stdout=subprocess.DEVNULL, cwd=folder)
    server = subprocess.Popen([*as_user, binaries / "postgres", "-D", cluster, "-p", str(port), "-c",
                               "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"],
                              stderr=subprocess.DEVNULL, cwd=folder)
    try:
        for _ in range(100):
            try:
                Client(port).socket.close()
                break
            except (OSError, EOFError, KeyError):
                time.sleep(0.1)
        scenarios(port)
        taps(port, binaries, folder)
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
