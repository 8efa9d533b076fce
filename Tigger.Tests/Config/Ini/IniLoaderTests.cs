using Tigger.Config;

namespace Tigger.Tests.Config.Ini;

/// <summary>What PgBouncer 1.18 was seen to take and to refuse.</summary>
public sealed class IniLoaderTests
{
    private const string Main = "[pgbouncer]\nauth_type=any\n";

    public static TheoryData<string, string> OneFault { get; } = new()
    {
        { $"{Main}listen_port = abc", "3:15: invalid value \"abc\" for parameter listen_port: expected a whole number, found \"abc\"" },
        { $"{Main}max_client_conn =", "3:18: invalid value \"\" for parameter max_client_conn: expected a whole number, found nothing" },
        { $"{Main}max_client_conn = 08", "3:19: invalid value \"08\" for parameter max_client_conn: expected a whole number, found \"08\"" },
        { $"{Main}log_connections = yes", "3:19: invalid value \"yes\" for parameter log_connections: expected 0 or 1, found \"yes\"" },
        { $"{Main}query_timeout = 5s", "3:17: invalid value \"5s\" for parameter query_timeout: expected a number of seconds, found \"5s\"" },
        { $"{Main}pool_mode = eternal", "3:13: invalid value \"eternal\" for parameter pool_mode: expected session, transaction or statement, found \"eternal\"" },
        { $"{Main}listen_port 5", "3:1: syntax error in configuration: expected [section], name = value, or %include file" },
        { $"[databases\n{Main}", "1:1: syntax error in configuration: expected [section], name = value, or %include file" },
        { $"[databases]\n'a b = c\n{Main}", "2:1: syntax error in configuration: expected [section], name = value, or %include file" },
        { $"a = 1\n{Main}", "1:1: value without section: a" },
        { $"[nosuch]\na = 1\n{Main}", "1:2: invalid section \"nosuch\" in configuration" },
        { "[databases]\n", " main section missing from config file: [pgbouncer]" },
        { $"[databases]\npgbouncer = host=a\n{Main}", "2:1: databases.pgbouncer: this name is reserved for the admin console" },
        { $"[databases]\nx = hots=1\n{Main}", "2:5: databases.x: unrecognized connection parameter: hots, did you mean host?" },
        { $"[databases]\nx = host=''\n{Main}", "2:5: databases.x: syntax error in connection string" },
        { $"[databases]\nx = port=0\n{Main}", "2:10: databases.x.port: expected a number from 1 to 65535, found \"0\"" },
        { $"[databases]\nx = host=a server_lifetime=5min\n{Main}", "2:28: databases.x.server_lifetime: expected a number of seconds, found \"5min\"" },
        { $"[users]\nx = pool_size\n{Main}", "2:5: users.x: syntax error in user settings" },
        { $"[users]\nx = pool_siez=1\n{Main}", "2:5: users.x: unrecognized user parameter: pool_siez, did you mean pool_size?" },
        { $"[peers]\n0 = host=a\n{Main}", "2:1: peers.0: a peer id is a number from 1 to 16383" },
        { $"{Main}[tigger]\npool_mode = session", "4:1: unknown parameter: tigger/pool_mode" },
        { $"%include /no/such.ini\n{Main}", "1:10: could not load file \"/no/such.ini\": No such file or directory" },
    };

    [Theory]
    [MemberData(nameof(OneFault))]
    public void Parse_OneError_NamesItsPlace(string text, string fault)
    {
        Assert.Equal([$"pgbouncer.ini:{fault}"], Ini.Errors(text));
        Assert.Null(Ini.Load(text).Config);
    }

    [Fact]
    public void Parse_SeveralErrors_ReportsAllInOrder()
    {
        const string Text = """
            [databases]
            shop = host=a pool_size=many
            what is this
            [users]
            app = pool_mode=3
            [pgbouncer]
            max_client_conn = x
            default_pool_size = -1
            """;
        Assert.Equal(
            [
                "pgbouncer.ini:2:25: databases.shop.pool_size: expected a whole number, found \"many\"",
                "pgbouncer.ini:3:1: syntax error in configuration: expected [section], name = value, or %include file",
                "pgbouncer.ini:5:17: users.app.pool_mode: expected session, transaction or statement, found \"3\"",
                "pgbouncer.ini:7:19: invalid value \"x\" for parameter max_client_conn: expected a whole number, found \"x\"",
                "pgbouncer.ini:8:21: invalid value \"-1\" for parameter default_pool_size: expected a number of at least 0, found \"-1\"",
            ],
            Ini.Errors(Text));
    }

    [Fact]
    public void Parse_UnknownSetting_IsAWarning()
    {
        var result = Ini.Load($"[databases]\n* =\n{Main}defalt_pool_size = 5");
        Assert.NotNull(result.Config);
        Assert.Contains(
            "pgbouncer.ini:5:1: warning: unknown parameter: pgbouncer/defalt_pool_size, did you mean default_pool_size? (ignored)",
            result.Faults.Select(fault => fault.ToString()));
    }

    [Theory]
    [InlineData("max_client_conn = 0x40", "max_client_conn", "64")]
    [InlineData("max_client_conn = 010", "max_client_conn", "8")]
    [InlineData("max_client_conn = +7  ", "max_client_conn", "7")]
    [InlineData("unix_socket_mode = 0770", "unix_socket_mode", "504")]
    [InlineData("log_connections = 7", "log_connections", "1")]
    [InlineData("query_timeout = 1e1", "query_timeout", "10")]
    [InlineData("query_timeout = .5", "query_timeout", "0.5")]
    [InlineData("pool_mode = TRANSACTION", "pool_mode", "transaction")]
    [InlineData("server_check_query = select '100%' ; -- # x", "server_check_query", "select '100%' ; -- # x")]
    [InlineData("admin_users = 'a', b", "admin_users", "'a',b")]
    [InlineData("listen_port=1\nlisten_port=2", "listen_port", "2")]
    [InlineData("job_name = a\nservice_name = b", "job_name", "b")]
    [InlineData("  ; x\n\t# y\nlisten_port\t=\t5\r\n", "listen_port", "5")]
    [InlineData("[tigger]\nkernel_budget = 65536", "kernel_budget", "65536")]
    [InlineData("listen_port = 5\n[pgbouncer]\npkt_buf = 8192", "listen_port", "6432")]
    [InlineData("[databases]\n[pgbouncer] listen_port = 5", "listen_port", "5")]
    public void Parse_Setting_IsReadAsPgBouncerDoes(string text, string name, string shown)
    {
        Assert.True(SettingsTable.TryFind(name, out var setting));
        Assert.Equal(shown, setting.Format(Ini.Sound(Main + text)));
    }

    [Fact]
    public void Parse_Records_AreReadAsPgBouncerDoes()
    {
        var config = Ini.Sound($"""
            [databases]
            shop = host=a,b  port = 07 password='it''s # ; %' reserve_pool=3
            empty =
            'odd name' = dbname=x host=/tmp
            * = host=localhost
            shop.eu-1_* = host=c
            [users]
            bob = pool_mode=session
            bob = max_user_connections=010
            [peers]
            3 = host=/tmp port=7000 pool_size=4
            {Main}
            """);
        Assert.Equal(["a", "b"], config.Databases["shop"].Host);
        Assert.Equal((7, "it's # ; %", 3), (config.Databases["shop"].Port, config.Databases["shop"].Password, config.Databases["shop"].ReservePoolSize));
        Assert.Equal(new DatabaseConfig { Name = "empty" }, config.Databases["empty"]);
        Assert.Equal("x", config.Databases["odd name"].DbName);
        Assert.Equal(["localhost"], config.FallbackDatabase!.Host);
        Assert.Equal(["c"], config.Databases["shop.eu-1_*"].Host);
        Assert.Equal(new UserConfig { Name = "bob", MaxUserConnections = 10 }, config.Users["bob"]);
        Assert.Equal(new PeerConfig { PeerId = 3, Host = ["/tmp"], Port = 7000, PoolSize = 4 }, config.Peers[3]);
    }

    [Fact]
    public void Parse_Includes_StandWhereTheyAreWritten()
    {
        var directory = Directory.CreateTempSubdirectory("tigger-ini-");
        try
        {
            var inner = Path.Combine(directory.FullName, "inner.ini");
            File.WriteAllText(inner, "default_pool_size = 7\nmax_client_conn = no\n[databases]\n");
            Assert.Equal([$"{inner}:2:19: invalid value \"no\" for parameter max_client_conn: expected a whole number, found \"no\""], Ini.Errors($"{Main}%include {inner}\nshop = host=a"));

            File.WriteAllText(inner, "default_pool_size = 7\n[databases]\n");
            var config = Ini.Sound($"{Main}default_pool_size = 5\n%include {inner}\nshop = host=a");
            Assert.Equal(7, config.DefaultPoolSize);
            Assert.Equal(["a"], config.Databases["shop"].Host);

            File.WriteAllText(inner, $"%include {inner}");
            Assert.EndsWith("include nesting level too deep", Assert.Single(Ini.Errors($"{Main}%include {inner}")), StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void Parse_RelativePaths_CountFromTheWorkingDirectory()
    {
        var result = ConfigLoader.Parse($"{Main}logfile = log/x.log", "/etc/pgbouncer/pgbouncer.ini");
        Assert.Equal(Path.GetFullPath("log/x.log"), result.Config!.Logfile);
        Assert.Equal("/etc/pgbouncer/pgbouncer.ini", result.Config.Conffile);
    }

    [Theory]
    [InlineData("# comment\n\n; more\n [pgbouncer]\nlisten_port = 5", true)]
    [InlineData("%include x", true)]
    [InlineData("# comment\nlisten_port: 5", false)]
    public void Parse_NameWithoutExtension_IsToldByTheText(string text, bool isIni) =>
        Assert.Equal(isIni, ConfigLoader.Parse(text, "pooler.conf").IsIni || text[0] == '%');

    [Fact]
    public void Parse_MissingAuthFile_IsLeftToTheLoaderOfSecrets() =>
        Assert.Equal("/no/such/userlist.txt", Ini.Sound($"{Main}auth_file = /no/such/userlist.txt").AuthFile);
}
