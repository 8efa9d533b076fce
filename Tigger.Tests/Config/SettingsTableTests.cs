using Tigger.Config;

namespace Tigger.Tests.Config;

public sealed class SettingsTableTests
{
    private static void AssertRoundTrip<TRecord>(KeyTable<TRecord> table, TRecord start)
    {
        foreach (var key in table.All)
        {
            var text = OtherValue.Of(key);
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
    public void Set_RelativePath_CountsFromTheBaseDirectory()
    {
        var after = SettingsTable.Set(new TiggerConfig { BaseDirectory = "/srv/tigger" }, "logfile", "log/tigger.log");

        Assert.Equal("/srv/tigger/log/tigger.log", after.Value.Logfile);
    }

    [Fact]
    public void TryFind_Alias_GivesTheSetting()
    {
        Assert.True(SettingsTable.TryFind("service_name", out var setting));
        Assert.Equal("job_name", setting.Name);
    }
}
