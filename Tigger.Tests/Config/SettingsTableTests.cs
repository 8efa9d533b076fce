using Tigger.Config;

namespace Tigger.Tests.Config;

public sealed class SettingsTableTests
{
    /// <summary>A value other than the default for every key, by name or else by default.</summary>
    private static string Other<TRecord>(Setting<TRecord> key) => key.Name switch
    {
        "pool_mode" => "statement",
        "data_path" => "user",
        "auth_type" => "scram-sha-256",
        "syslog_facility" => "local3",
        "client_tls_dheparams" => "legacy",
        "client_tls_sslmode" or "server_tls_sslmode" => "verify-full",
        "client_tls_protocols" or "server_tls_protocols" => "tlsv1.2,tlsv1.3",
        "server_tls_sslnegotiation" => "direct",
        "load_balance_hosts" => "disable",
        "metrics_listen" => "[::1]:9127",
        "listen_addr" or "host" => "127.0.0.1,::1",
        "kernel_budget" => "8192",
        "kernel_path" => "force",
        _ when key.Default is "0" or "1" => key.Default == "0" ? "1" : "0",
        _ when key.Unit.Length > 0 || int.TryParse(key.Default, out _) => "300",
        _ when key.Name.EndsWith("_size", StringComparison.Ordinal) || key.Name.Contains("connections", StringComparison.Ordinal) => "7",
        _ => "something",
    };

    private static void AssertRoundTrip<TRecord>(KeyTable<TRecord> table, TRecord start)
    {
        foreach (var key in table.All)
        {
            var text = Other(key);
            var changed = key.Apply(start, text);

            Assert.True(changed.Ok, $"{key.Name}: {changed.Error}");
            Assert.Equal((key.Name, text), (key.Name, key.Format(changed.Value)));
            Assert.NotEqual(start, changed.Value);
            // Reading back what was shown changes nothing, and nothing but this key was touched.
            Assert.Equal(changed.Value, key.Apply(start, key.Format(changed.Value)!).Value);
            Assert.Equal([key.Name], table.All.Where(k => k.Format(start) != k.Format(changed.Value)).Select(k => k.Name));
        }
    }

    [Fact]
    public void EverySetting_ApplyThenFormat_RoundTrips() => AssertRoundTrip(SettingsTable.Table, new TiggerConfig());

    [Fact]
    public void EveryDatabaseKey_ApplyThenFormat_RoundTrips() => AssertRoundTrip(DatabaseKeys.Table, new DatabaseConfig { Name = "d" });

    [Fact]
    public void EveryUserKey_ApplyThenFormat_RoundTrips() => AssertRoundTrip(UserKeys.Table, new UserConfig { Name = "u" });

    [Theory]
    [InlineData("0.5", "0.5")]
    [InlineData("200ms", "0.2")]
    [InlineData("2min", "120")]
    [InlineData("1d", "86400")]
    public void Format_Duration_IsSecondsAsPgBouncerPrints(string text, string shown)
    {
        Assert.True(SettingsTable.TryFind("query_timeout", out var setting));
        Assert.Equal(shown, setting.Format(setting.Apply(new TiggerConfig(), text).Value));
    }

    [Fact]
    public void Set_ChangeableSetting_GivesNewConfigAndKeepsOld()
    {
        var before = new TiggerConfig();

        var after = SettingsTable.Set(before, "default_pool_size", "50");

        Assert.True(after.Ok);
        Assert.Equal(50, after.Value.DefaultPoolSize);
        Assert.Equal(20, before.DefaultPoolSize);
    }

    [Theory]
    [InlineData("listen_port", "5", "can only be set at start")]
    [InlineData("defalt_pool_size", "5", "unknown setting, did you mean default_pool_size?")]
    [InlineData("zzzzzzzz", "5", "unknown setting")]
    [InlineData("default_pool_size", "-5", "expected a number of at least 0, found \"-5\"")]
    [InlineData("auth_file", "/no/such/file", "file \"/no/such/file\" does not exist")]
    public void Set_Refused_SaysWhy(string name, string text, string error)
    {
        Assert.Equal(error, SettingsTable.Set(new TiggerConfig(), name, text).Error);
    }

    [Fact]
    public void Set_RelativePath_CountsFromTheConfigurationFile()
    {
        var after = SettingsTable.Set(new TiggerConfig { Conffile = "/srv/tigger/tigger.yaml" }, "logfile", "log/tigger.log");

        Assert.Equal("/srv/tigger/log/tigger.log", after.Value.Logfile);
    }

    [Fact]
    public void TryFind_Alias_GivesTheSetting()
    {
        Assert.True(SettingsTable.TryFind("service_name", out var setting));
        Assert.Equal("job_name", setting.Name);
    }
}
