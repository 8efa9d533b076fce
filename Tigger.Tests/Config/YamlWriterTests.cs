using System.Text;
using Tigger.Config;

namespace Tigger.Tests.Config;

/// <summary>What a file says in PgBouncer's form it says in YAML, whatever it is.</summary>
public sealed class YamlWriterTests
{
    /// <summary>Parts that some form of quoting has to be right for; none ends a line of pgbouncer.ini.</summary>
    private static readonly string[] Parts =
    [
        "a", "Z9", "0x1f", " ", "'", "\"", "\\", "\\n", ":", ": ", "#", " #", ";", "%", "%include", "{", "}", "[", "]", ",", "*", "&", "!", "|", ">", "-", "- ",
        "?", "@", "`", "null", "~", "true", "yes", "=", "<empty>", "é", "日本", "\U0001F42F", "\u0085", "\u2028", "\u00a0", "\uFEFF", "\t", "\u0001", "\u007f", "$1", "''",
    ];

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static IEnumerable<string> Shown(TiggerConfig config) =>
        SettingsTable.All.Where(setting => setting.Name != "conffile").Select(setting => $"{setting.Name}={setting.Format(config)}");

    private static void AssertRoundTrip(string ini)
    {
        var read = ConfigLoader.Parse(ini, "pgbouncer.ini");
        Assert.True(read.Config is not null, string.Join('\n', read.Faults));
        var yaml = YamlWriter.Write(read, "test");
        var again = ConfigLoader.Parse(yaml, "tigger.yaml");
        Assert.True(again.Config is not null, string.Join('\n', again.Faults.Append<object>(yaml)));
        Assert.Equal(Shown(read.Config), Shown(again.Config));
        Assert.Equal(read.Config.Databases.OrderBy(pair => pair.Key, StringComparer.Ordinal), again.Config.Databases.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Equal(read.Config.FallbackDatabase, again.Config.FallbackDatabase);
        Assert.Equal(read.Config.Users.OrderBy(pair => pair.Key, StringComparer.Ordinal), again.Config.Users.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Equal(read.Config.Peers.OrderBy(pair => pair.Key), again.Config.Peers.OrderBy(pair => pair.Key));
    }

    /// <summary>A line per key of a table, with a value that is not the default.</summary>
    private static IEnumerable<string> Pairs<TRecord>(KeyTable<TRecord> table, string file, Func<string, string> quote) =>
        table.All.Select(key => $"{key.Name}={quote(key.MustExist ? file : OtherValue.Of(key))}");

    [Fact]
    public void Write_EveryKeyOfEveryTable_LoadsToTheSame()
    {
        var file = Path.GetTempFileName();
        try
        {
            var ini = $"""
                [databases]
                shop = {string.Join(' ', Pairs(DatabaseKeys.Table, file, Quoted))}
                * = {string.Join(' ', Pairs(DatabaseKeys.Table, file, Quoted))}
                [users]
                app = {string.Join(' ', Pairs(UserKeys.Table, file, Quoted))}
                [peers]
                7 = {string.Join(' ', Pairs(PeerKeys.Table, file, Quoted)).Replace("127.0.0.1,::1", "::1", StringComparison.Ordinal)}
                [pgbouncer]
                {string.Join('\n', Pairs(SettingsTable.Table, file, text => text))}
                """;
            Assert.DoesNotContain(ConfigLoader.Parse(ini, "pgbouncer.ini").Faults, fault => fault.Message.StartsWith("unknown", StringComparison.Ordinal));
            AssertRoundTrip(ini);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Write_AnyText_LoadsToTheSame(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            AssertRoundTrip($"""
                [databases]
                '{Text().Replace("'", "", StringComparison.Ordinal)}x' = password={Quoted(Text() + "p")} connect_query={Quoted(Text() + "q")} dbname={Quoted("d" + Text())}
                [users]
                '{Text().Replace("'", "", StringComparison.Ordinal)}x' = password={Quoted("p" + Text())}
                [pgbouncer]
                server_check_query = {Text()}
                auth_query = {Text()}
                admin_users = {Text()}
                ignore_startup_parameters = {Text()},{Text()}
                logfile = x{Text()}
                syslog_ident = {Text()}
                """);
        }

        string Text()
        {
            var text = new StringBuilder();
            for (var i = random.Next(5); i > 0; i--)
                text.Append(Parts[random.Next(Parts.Length)]);
            return text.ToString();
        }
    }

    [Fact]
    public void Write_Comments_StandAboveTheirKeys()
    {
        var read = ConfigLoader.Parse("""
            ;; far away

            [databases]
            ; the shop's
            ;; two lines
            shop = host=a port=5433
            * =
            [pgbouncer]
            # why so many
            max_client_conn = 500
            admin_users = a, b
            """, "pgbouncer.ini");
        Assert.Equal(
            """
            # Title.

            # --- Auth ---
            # Users who may do everything on the admin console.
            admin_users: [a, b]

            # --- General / pools ---
            # Client connections allowed in all.
            # why so many
            max_client_conn: 500

            databases:
              # the shop's
              # two lines
              shop: { host: a, port: 5433 }
              "*": {  }

            """,
            YamlWriter.Write(read, "Title."));
    }
}
