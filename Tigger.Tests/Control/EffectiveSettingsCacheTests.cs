using Tigger.Config;
using Tigger.Control;
using Tigger.Pooling;

namespace Tigger.Tests.Control;

public sealed class EffectiveSettingsCacheTests
{
    private readonly EffectiveSettingsCache _cache = new();
    private readonly DatabaseState _database = new("db", new DatabaseConfig { Name = "db" }, isAuto: false);
    private readonly UserState _user = new("alice");

    [Fact]
    public void Get_SameConfiguration_IsWorkedOutOnce()
    {
        TiggerConfig config = new();

        Assert.Same(_cache.Get(config, _database, _user), _cache.Get(config, _database, _user));
    }

    [Fact]
    public void Get_OtherConfigurationOrDatabase_IsWorkedOutAgain()
    {
        TiggerConfig config = new();
        Assert.Equal(TimeSpan.FromSeconds(120), _cache.Get(config, _database, _user).QueryWaitTimeout);

        _database.Config = new DatabaseConfig { Name = "db", QueryWaitTimeout = TimeSpan.FromSeconds(7) };
        Assert.Equal(TimeSpan.FromSeconds(7), _cache.Get(config, _database, _user).QueryWaitTimeout);

        UserConfig alice = new() { Name = "alice", QueryWaitTimeout = TimeSpan.FromSeconds(3) };
        config = config with { Users = new Dictionary<string, UserConfig> { ["alice"] = alice } };
        Assert.Equal(TimeSpan.FromSeconds(3), _cache.Get(config, _database, _user).QueryWaitTimeout);
    }
}
