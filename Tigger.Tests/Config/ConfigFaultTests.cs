using Tigger.Config;

namespace Tigger.Tests.Config;

public sealed class ConfigFaultTests
{
    public static TheoryData<string, string> OneFault { get; } = new()
    {
        { "pool_siez: 5", "1:1: pool_siez: unknown key" },
        { "default_pool_siez: 5", "1:1: default_pool_siez: unknown key, did you mean default_pool_size?" },
        { "listen_port: 1\nlisten_port: 2", "2:1: listen_port: duplicate key, first on line 1" },
        { "job_name: a\nservice_name: b", "2:1: job_name: duplicate key, first on line 1" },
        { "listen_port: abc", "1:14: listen_port: expected a whole number, found \"abc\"" },
        { "listen_port: [1, 2]", "1:14: listen_port: expected a single value, found a list" },
        { "admin_users: { a: b }", "1:14: admin_users: expected a value or a list of values, found a map" },
        { "admin_users: [[a]]", "1:14: admin_users: expected a value or a list of values, found a list" },
        { "[a, b]: c", "1:1: expected the name of a setting, found a list" },
        { "- a", "1:1: expected settings (key: value), found a list" },
        { "just text", "1:1: expected settings (key: value), found a single value" },
        { "databases: text", "1:12: databases: expected a map of names, found a single value" },
        { "databases: { a: { } }\ndatabases: { b: { } }", "2:1: databases: duplicate key, first on line 1" },
        { "databases: { shop: [x] }", "1:20: databases.shop: expected a map such as { application_name: ... }, found a list" },
        { "databases:\n  shop:\n    pool_siez: 5", "3:5: databases.shop.pool_siez: unknown key, did you mean pool_size?" },
        { "databases:\n  shop: { port: 0 }", "2:17: databases.shop.port: expected a number from 1 to 65535, found \"0\"" },
        { "databases:\n  shop: { reserve_pool: 1, reserve_pool_size: 2 }", "2:28: databases.shop.reserve_pool_size: duplicate key, first on line 2" },
        { "databases:\n  a: { }\n  a: { }", "3:3: databases.a: duplicate key, first on line 2" },
        { "databases:\n  pgbouncer: { }", "2:3: databases.pgbouncer: this name is reserved for the admin console" },
        { "databases:\n  '': { }", "2:3: databases: expected a name, found nothing" },
        { "databases: { a: { auth_dbname: pgbouncer } }", "1:32: databases.a.auth_dbname: database name \"pgbouncer\" is reserved for the admin console" },
        { "databases: { a: { host: '127.0.0.1:5432' } }", "1:25: databases.a.host: expected host names, IP addresses, or socket directories (the port is a key of its own), found \"127.0.0.1:5432\"" },
        { "users:\n  u: { pool_mod: session }", "2:8: users.u.pool_mod: unknown key, did you mean pool_mode?" },
        { "users:\n  u: { query_timeout: never }", "2:23: users.u.query_timeout: expected a duration such as 5s, 200ms, 2min, 1h or 1d, or a number of seconds, found \"never\"" },
        { "peers:\n  0: { host: a }", "2:3: peers.0: a peer id is a number from 1 to 16383" },
        { "peer_id: 1\npeers:\n  2: { port: 1 }", "3:3: peers.2.host: a peer needs one host" },
        { "auth_hba_file: no/such.conf\nauth_type: hba", $"1:16: auth_hba_file: file \"{Path.GetFullPath("no/such.conf")}\" does not exist" },
        { "a: b: c", "1:5: While scanning a plain scalar value, found invalid mapping." },
        { "listen_addr: *", "1:14: While scanning an anchor or alias, found value containing disallowed: []{}, (write a lone * as \"*\")" },
        { "listen_addr: *all", "1:14: no anchor &all before this alias (write a lone * as \"*\")" },
        { "a: &x [*x]", "1:8: no anchor &x before this alias (write a lone * as \"*\")" },
        { "---\n{}\n---\n{}", "3:1: a configuration is one YAML document" },
        { "auth_type: hba", "1:12: auth_type: hba needs auth_hba_file" },
        { "auth_type: cert", "1:12: auth_type: cert needs client_tls_sslmode verify-full" },
        { "client_tls_sslmode: require", "1:21: client_tls_sslmode: needs client_tls_key_file and client_tls_cert_file" },
    };

    public static TheoryData<string, string> OneWarning { get; } = new()
    {
        { "min_pool_size: 30", "1:16: warning: min_pool_size: 30 is more than default_pool_size (20), which caps it" },
        { "reserve_pool_size: 1\nreserve_pool_timeout: 0", "1:20: warning: reserve_pool_size: has no effect while reserve_pool_timeout is 0" },
        { "auth_user: a\nauth_query: ''", "1:12: warning: auth_user: has no effect without auth_query" },
        { "auth_dbname: nowhere", "1:14: warning: auth_dbname: database \"nowhere\" is not configured" },
        { "peers: { 1: { host: a } }", "1:1: warning: peers: has no effect while peer_id is 0" },
    };

    private static string[] Errors(string yaml) =>
        [.. ConfigLoader.Parse(yaml, Yaml.File).Faults.Where(fault => fault.Severity == FaultSeverity.Error).Select(fault => fault.ToString())];

    [Theory]
    [MemberData(nameof(OneFault))]
    public void Parse_OneError_NamesItsPlace(string yaml, string fault)
    {
        Assert.Equal([$"tigger.yaml:{fault}"], Errors(yaml));
        Assert.Null(ConfigLoader.Parse(yaml, Yaml.File).Config);
    }

    [Theory]
    [MemberData(nameof(OneWarning))]
    public void Parse_OneWarning_StillGivesAConfiguration(string yaml, string fault)
    {
        var result = ConfigLoader.Parse($"{yaml}\n{Yaml.Sound}", Yaml.File);

        Assert.Equal($"tigger.yaml:{fault}", Assert.Single(result.Faults).ToString());
        Assert.NotNull(result.Config);
    }

    [Fact]
    public void Parse_DatabaseWarnings_NameTheirPlaces()
    {
        Assert.Empty(Yaml.Faults("auth_type: any\ndatabases: { a: { user: u } }"));
        Assert.Equal(
            [
                "tigger.yaml:3:3: warning: databases.a: auth_type any lets clients in only where the database names its user",
                "tigger.yaml:3:37: warning: databases.a.min_pool_size: 9 is more than the pool size (5), which caps it",
            ],
            Yaml.Faults("auth_type: any\ndatabases:\n  a: { pool_size: 5, min_pool_size: 9 }"));
        Assert.Equal(
            ["tigger.yaml:1:29: warning: databases.a.password: has no effect without user"],
            Yaml.Faults("databases: { a: { password: x } }\nauth_type: trust"));
    }

    [Fact]
    public void Parse_NobodyCanLogIn_Warns()
    {
        Assert.Equal(
            ["tigger.yaml:1:14: warning: auth_type: nobody can log in: set auth_file, auth_user, or the password of a user"],
            Yaml.Faults("admin_users: postgres\ndatabases: { a: { } }"));
        Assert.Empty(Yaml.Faults("admin_users: postgres\nauth_type: trust\ndatabases: { a: { } }"));
    }

    [Fact]
    public void Parse_SeveralErrors_ReportsAllInOrder()
    {
        const string Text = """
            listen_prot: 6432
            pool_mode: transactional
            databases:
              shop: { pool_size: many, hots: a }
              shop: { }
            users:
              app: { password: x, pool_mode: 3 }
            pool_mode: session
            auth_file: nowhere.txt
            """;

        Assert.Equal(
            [
                "tigger.yaml:1:1: listen_prot: unknown key, did you mean listen_port?",
                "tigger.yaml:2:12: pool_mode: expected session, transaction or statement, found \"transactional\"",
                "tigger.yaml:4:22: databases.shop.pool_size: expected a whole number, found \"many\"",
                "tigger.yaml:4:28: databases.shop.hots: unknown key, did you mean host?",
                "tigger.yaml:5:3: databases.shop: duplicate key, first on line 4",
                "tigger.yaml:7:34: users.app.pool_mode: expected session, transaction or statement, found \"3\"",
                "tigger.yaml:8:1: pool_mode: duplicate key, first on line 2",
                $"tigger.yaml:9:12: auth_file: file \"{Path.GetFullPath("nowhere.txt")}\" does not exist",
            ],
            Errors(Text));
    }

    [Theory]
    [InlineData("databases", 63)]
    [InlineData("users", 127)]
    public void Parse_LongName_IsRefusedAboveTheLimitInBytes(string section, int limit)
    {
        Assert.Empty(Errors($"{section}: {{ {new string('x', limit)}: {{ }} }}"));
        // Two bytes each in UTF-8.
        var tooLong = new string('é', (limit / 2) + 1);
        Assert.EndsWith($"name is longer than {limit} bytes", Assert.Single(Errors($"{section}: {{ {tooLong}: {{ }} }}")), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_LongPassword_IsRefusedWithoutRepeatingIt()
    {
        Assert.Equal(
            ["tigger.yaml:1:25: users.u.password: longer than 65531 bytes"],
            Errors($"users: {{ u: {{ password: {new string('s', 65532)} }} }}"));
    }

    [Fact]
    public void Parse_DeepNesting_IsRefused()
    {
        var yaml = "a: " + string.Concat(Enumerable.Repeat("[", 100_000));

        Assert.EndsWith("nested too deeply", Assert.Single(Errors(yaml)), StringComparison.Ordinal);
    }
}
