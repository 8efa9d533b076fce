import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;

/** pgjdbc through the pooler, with every statement prepared at its first use. Each scenario that ends well is one line "ok NAME". */
public final class Scenarios {
    private interface Scenario {
        void run(Connection connection) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, Scenario> scenarios = new LinkedHashMap<>();
        scenarios.put("prepared", Scenarios::prepared);
        scenarios.put("transactions", Scenarios::transactions);
        scenarios.put("batch", Scenarios::batch);
        scenarios.put("error in a batch", Scenarios::errorInBatch);
        scenarios.put("copy", Scenarios::copy);
        scenarios.put("cursor", Scenarios::cursor);
        scenarios.put("notices", Scenarios::notices);
        scenarios.put("cancel", Scenarios::cancel);
        try (Connection connection = connect()) {
            for (Map.Entry<String, Scenario> scenario : scenarios.entrySet()) {
                try {
                    scenario.getValue().run(connection);
                } catch (Exception | AssertionError e) {
                    e.printStackTrace();
                    System.err.println("failed " + scenario.getKey());
                    System.exit(1);
                }
                System.out.println("ok " + scenario.getKey());
            }
        }
        System.exit(0);
    }

    private static Connection connect() throws SQLException {
        Map<String, String> environment = System.getenv();
        Properties properties = new Properties();
        properties.setProperty("user", environment.get("PGUSER"));
        properties.setProperty("password", environment.getOrDefault("PGPASSWORD", ""));
        properties.setProperty("prepareThreshold", "1");
        if (environment.containsKey("PGSSLROOTCERT")) {
            properties.setProperty("sslmode", "verify-full");
            properties.setProperty("sslrootcert", environment.get("PGSSLROOTCERT"));
        } else {
            properties.setProperty("sslmode", "disable");
        }
        String url = "jdbc:postgresql://" + environment.get("PGHOST") + ":" + environment.get("PGPORT") + "/" + environment.get("PGDATABASE");
        return DriverManager.getConnection(url, properties);
    }

    /** The driver calls its statements S_1, S_2 … in every session, whatever they say. */
    private static void prepared(Connection ignored) throws Exception {
        var threads = Executors.newFixedThreadPool(4);
        List<Future<Void>> results = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int own = i;
            Callable<Void> work = () -> {
                try (Connection mine = connect(); PreparedStatement add = mine.prepareStatement("SELECT ?::int + " + own);
                        PreparedStatement divide = mine.prepareStatement("SELECT " + own + " / ?::int")) {
                    for (int n = 1; n <= 100; n++) {
                        equal(n + own, number(add, n));
                        equal(own / n, number(divide, n));
                    }
                    equal("22012", state(() -> number(divide, 0)));
                    equal(own, number(divide, 1));
                }
                return null;
            };
            results.add(threads.submit(work));
        }
        for (Future<Void> result : results) {
            result.get();
        }
        threads.shutdown();
    }

    private static void transactions(Connection connection) throws Exception {
        execute(connection, "CREATE TABLE pgjdbc (n int)");
        connection.setAutoCommit(false);
        execute(connection, "INSERT INTO pgjdbc VALUES (1)");
        Savepoint savepoint = connection.setSavepoint();
        equal("22012", state(() -> execute(connection, "SELECT 1 / 0")));
        connection.rollback(savepoint);
        connection.commit();
        execute(connection, "INSERT INTO pgjdbc VALUES (2)");
        connection.rollback();
        connection.setAutoCommit(true);
        equal(1, number(connection, "SELECT sum(n)::int FROM pgjdbc"));
    }

    private static void batch(Connection connection) throws Exception {
        execute(connection, "TRUNCATE pgjdbc");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO pgjdbc VALUES (?)")) {
            for (int n = 0; n < 1000; n++) {
                insert.setInt(1, n);
                insert.addBatch();
            }
            equal(1000, insert.executeBatch().length);
        }
        equal(499500, number(connection, "SELECT sum(n)::int FROM pgjdbc"));
    }

    private static void errorInBatch(Connection connection) throws Exception {
        try (PreparedStatement divide = connection.prepareStatement("INSERT INTO pgjdbc VALUES (1 / ?::int)")) {
            for (int n : new int[] {1, 0, 1}) {
                divide.setInt(1, n);
                divide.addBatch();
            }
            equal("22012", state(divide::executeBatch));
        }
        equal(5, number(connection, "SELECT 5"));
    }

    private static void copy(Connection connection) throws Exception {
        execute(connection, "TRUNCATE pgjdbc");
        String lines = IntStream.range(0, 20000).mapToObj(n -> n + "\n").collect(Collectors.joining());
        var manager = connection.unwrap(PGConnection.class).getCopyAPI();
        equal(20000L, manager.copyIn("COPY pgjdbc FROM STDIN", new StringReader(lines)));
        StringWriter text = new StringWriter();
        manager.copyOut("COPY (SELECT n FROM pgjdbc ORDER BY n) TO STDOUT", text);
        equal(lines, text.toString());
    }

    private static void cursor(Connection connection) throws Exception {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(3000);
            try (ResultSet rows = statement.executeQuery("SELECT n FROM pgjdbc ORDER BY n")) {
                for (int n = 0; rows.next(); n++) {
                    equal(n, rows.getInt(1));
                }
            }
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static void notices(Connection connection) throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DO $$ BEGIN RAISE NOTICE 'heard'; END $$");
            equal("heard", statement.getWarnings().getMessage());
        }
    }

    private static void cancel(Connection connection) throws Exception {
        Timer timer = new Timer(true);
        try (Statement statement = connection.createStatement()) {
            TimerTask cancel = new TimerTask() {
                @Override
                public void run() {
                    try {
                        statement.cancel();
                    } catch (SQLException e) {
                        e.printStackTrace();
                    }
                }
            };
            timer.schedule(cancel, 200, 200);
            equal("57014", state(() -> statement.execute("SELECT pg_sleep(60)")));
        }
        timer.cancel();
        equal(7, number(connection, "SELECT 7"));
    }

    private static int number(PreparedStatement statement, int parameter) throws SQLException {
        statement.setInt(1, parameter);
        try (ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static int number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static boolean execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
        }
    }

    private static String state(Callable<?> action) throws Exception {
        try {
            action.call();
        } catch (SQLException e) {
            return e.getSQLState();
        }
        throw new AssertionError("no error");
    }

    private static void equal(Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError("expected " + expected + ", got " + actual);
        }
    }
}
