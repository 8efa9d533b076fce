"""psycopg 3 through the pooler; libpq reads where to from the environment. Each scenario that ends well is one line "ok NAME"."""

import threading
import traceback

import psycopg
from psycopg import errors


def connect():
    return psycopg.connect("", autocommit=True, prepare_threshold=0)


def fails(error, function, *arguments):
    try:
        function(*arguments)
    except error:
        return
    raise AssertionError(f"no {error.__name__}")


def value(connection, query, parameters=()):
    return connection.execute(query, parameters).fetchone()[0]


def prepared(connection):
    """The driver calls its statements _pg3_0, _pg3_1 … in every session, whatever they say."""

    def work(own):
        with connect() as mine:
            for n in range(100):
                for step in range(3):
                    result = value(mine, f"SELECT %s::int + {own * 1000 + step}", (n,))
                    if result != n + own * 1000 + step:
                        wrong.append((own, n, result))

    wrong = []
    threads = [threading.Thread(target=work, args=(own,)) for own in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, wrong
    fails(errors.DivisionByZero, value, connection, "SELECT 1 / %s::int", (0,))
    assert value(connection, "SELECT 1 / %s::int", (1,)) == 1


def pipeline(connection):
    with connection.pipeline():
        cursors = [connection.execute("SELECT %s::int * 2", (n,)) for n in range(200)]
        assert [cursor.fetchone()[0] for cursor in cursors] == [n * 2 for n in range(200)]


def errors_in_a_pipeline(connection):
    def divide():
        with connection.pipeline():
            for n in (1, 0, 1):
                connection.execute("SELECT 1 / %s::int", (n,))

    fails(errors.DivisionByZero, divide)
    assert value(connection, "SELECT 5") == 5


def transactions(connection):
    connection.execute("CREATE TABLE psycopg (n int)")

    def lose():
        with connection.transaction():
            connection.execute("INSERT INTO psycopg VALUES (1)")
            connection.execute("SELECT 1 / 0")

    fails(errors.DivisionByZero, lose)
    with connection.transaction():
        connection.execute("INSERT INTO psycopg VALUES (2)")
        with connection.transaction(force_rollback=True):
            connection.execute("INSERT INTO psycopg VALUES (3)")
    assert value(connection, "SELECT sum(n) FROM psycopg") == 2


def batch(connection):
    connection.execute("TRUNCATE psycopg")
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO psycopg VALUES (%s)", [(n,) for n in range(500)])
    assert value(connection, "SELECT sum(n) FROM psycopg") == sum(range(500))


def copy(connection):
    connection.execute("TRUNCATE psycopg")
    lines = b"".join(b"%d\n" % n for n in range(20000))
    with connection.cursor() as cursor:
        with cursor.copy("COPY psycopg FROM STDIN") as target:
            target.write(lines)
        with cursor.copy("COPY (SELECT n FROM psycopg ORDER BY n) TO STDOUT") as source:
            assert b"".join(source) == lines


def named_cursor(connection):
    with connection.transaction(), connection.cursor(name="named") as cursor:
        cursor.itersize = 3000
        cursor.execute("SELECT n FROM psycopg ORDER BY n")
        assert [row[0] for row in cursor] == list(range(20000))


def notices(connection):
    heard = []
    connection.add_notice_handler(lambda notice: heard.append(notice.message_primary))
    connection.execute("DO $$ BEGIN RAISE NOTICE 'heard'; END $$")
    assert heard == ["heard"], heard


def cancel(connection):
    ended = threading.Event()

    def repeat():
        while not ended.wait(0.2):
            connection.cancel()

    canceller = threading.Thread(target=repeat)
    canceller.start()
    try:
        fails(errors.QueryCanceled, connection.execute, "SELECT pg_sleep(60)")
    finally:
        ended.set()
        canceller.join()
    assert value(connection, "SELECT 7") == 7


SCENARIOS = [
    prepared, pipeline, errors_in_a_pipeline, transactions, batch, copy, named_cursor, notices, cancel,
]

if __name__ == "__main__":
    with connect() as connection:
        for scenario in SCENARIOS:
            try:
                scenario(connection)
            except BaseException:
                traceback.print_exc()
                raise SystemExit(f"failed {scenario.__name__}")
            print("ok", scenario.__name__, flush=True)
