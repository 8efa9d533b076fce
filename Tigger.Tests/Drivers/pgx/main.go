// pgx through the pooler, with every statement prepared and cached by the driver; libpq's variables say where to.
// Each scenario that ends well is one line "ok NAME".
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgconn"
	"github.com/jackc/pgx/v4"
)

const (
	divisionByZero = "22012"
	queryCanceled  = "57014"
	rows           = 20000
)

var (
	everywhere = context.Background()
	heard      = make(chan string, 1)
)

func connect() *pgx.Conn {
	config, err := pgx.ParseConfig("")
	check(err)
	config.OnNotice = func(_ *pgconn.PgConn, notice *pgconn.Notice) { heard <- notice.Message }
	connection, err := pgx.ConnectConfig(everywhere, config)
	check(err)
	return connection
}

// prepared: the driver calls its statements lrupsc_1_0, lrupsc_1_1 … in many sessions, whatever they say.
func prepared(*pgx.Conn) {
	var sessions sync.WaitGroup
	for own := 0; own < 4; own++ {
		sessions.Add(1)
		go func(own int) {
			defer sessions.Done()
			mine := connect()
			defer mine.Close(everywhere)
			for n := 1; n <= 100; n++ {
				equal(n+own, number(mine, fmt.Sprintf("SELECT $1::int + %d", own), n))
				equal(own/n, number(mine, fmt.Sprintf("SELECT %d / $1::int", own), n))
			}
			var none int
			fails(divisionByZero, mine.QueryRow(everywhere, fmt.Sprintf("SELECT %d / $1::int", own), 0).Scan(&none))
			equal(own, number(mine, fmt.Sprintf("SELECT %d / $1::int", own), 1))
		}(own)
	}
	sessions.Wait()
}

// namedStatement does not Deallocate, for which this version of the driver sends SQL with the client's name in it.
func namedStatement(connection *pgx.Conn) {
	_, err := connection.Prepare(everywhere, "mine", "SELECT $1::int * 2")
	check(err)
	for n := 0; n < 50; n++ {
		equal(n*2, number(connection, "mine", n))
	}
}

// batch: all of it in one pipeline.
func batch(connection *pgx.Conn) {
	sent := &pgx.Batch{}
	for n := 0; n < 300; n++ {
		sent.Queue("SELECT $1::int + 1000", n)
	}
	results := connection.SendBatch(everywhere, sent)
	for n := 0; n < 300; n++ {
		var sum int
		check(results.QueryRow().Scan(&sum))
		equal(n+1000, sum)
	}
	check(results.Close())
}

func errorInABatch(connection *pgx.Conn) {
	sent := &pgx.Batch{}
	for _, n := range []int{1, 0, 1} {
		sent.Queue("SELECT 1 / $1::int", n)
	}
	results := connection.SendBatch(everywhere, sent)
	var quotient int
	check(results.QueryRow().Scan(&quotient))
	fails(divisionByZero, results.QueryRow().Scan(&quotient))
	fails(divisionByZero, results.Close())
	equal(5, number(connection, "SELECT $1::int", 5))
}

func transactions(connection *pgx.Conn) {
	execute(connection, "CREATE TABLE pgx (n int)")
	check(connection.BeginFunc(everywhere, func(outer pgx.Tx) error {
		_, err := outer.Exec(everywhere, "INSERT INTO pgx VALUES ($1)", 1)
		check(err)
		inner, err := outer.Begin(everywhere)
		check(err)
		_, err = inner.Exec(everywhere, "SELECT 1 / 0")
		fails(divisionByZero, err)
		return inner.Rollback(everywhere)
	}))
	lost, err := connection.Begin(everywhere)
	check(err)
	_, err = lost.Exec(everywhere, "INSERT INTO pgx VALUES ($1)", 2)
	check(err)
	check(lost.Rollback(everywhere))
	equal(1, number(connection, "SELECT sum(n)::int FROM pgx WHERE n <> $1", 0))
}

func copying(connection *pgx.Conn) {
	execute(connection, "TRUNCATE pgx")
	count, err := connection.CopyFrom(everywhere, pgx.Identifier{"pgx"}, []string{"n"},
		pgx.CopyFromSlice(rows, func(n int) ([]interface{}, error) { return []interface{}{n}, nil }))
	check(err)
	equal(rows, int(count))
	var text, expected bytes.Buffer
	_, err = connection.PgConn().CopyTo(everywhere, &text, "COPY (SELECT n FROM pgx ORDER BY n) TO STDOUT")
	check(err)
	for n := 0; n < rows; n++ {
		expected.WriteString(strconv.Itoa(n) + "\n")
	}
	equal(expected.String(), text.String())
}

func notices(connection *pgx.Conn) {
	execute(connection, "DO $$ BEGIN RAISE NOTICE 'heard'; END $$")
	equal("heard", <-heard)
}

func cancel(connection *pgx.Conn) {
	ended := make(chan struct{})
	go func() {
		for {
			select {
			case <-ended:
				return
			case <-time.After(200 * time.Millisecond):
				check(connection.PgConn().CancelRequest(everywhere))
			}
		}
	}()
	_, err := connection.Exec(everywhere, "SELECT pg_sleep(60)")
	close(ended)
	fails(queryCanceled, err)
	equal(7, number(connection, "SELECT $1::int", 7))
}

func number(connection *pgx.Conn, sql string, parameter int) int {
	var result int
	check(connection.QueryRow(everywhere, sql, parameter).Scan(&result))
	return result
}

func execute(connection *pgx.Conn, sql string) {
	_, err := connection.Exec(everywhere, sql)
	check(err)
}

func fails(state string, err error) {
	var fault *pgconn.PgError
	if !errors.As(err, &fault) || fault.Code != state {
		panic(fmt.Sprintf("expected %s, got %v", state, err))
	}
}

func equal(expected, actual interface{}) {
	if expected != actual {
		panic(fmt.Sprintf("expected %v, got %v", expected, actual))
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	connection := connect()
	defer connection.Close(everywhere)
	for _, scenario := range []struct {
		name string
		run  func(*pgx.Conn)
	}{
		{"prepared", prepared}, {"named statement", namedStatement}, {"batch", batch}, {"error in a batch", errorInABatch},
		{"transactions", transactions}, {"copy", copying}, {"notices", notices}, {"cancel", cancel},
	} {
		scenario.run(connection)
		fmt.Fprintln(os.Stdout, "ok", scenario.name)
	}
}
