using Tigger.Config;

namespace Tigger.Tests.Config;

public sealed class EffectiveSettingsTests
{
    private static readonly DatabaseConfig Plain = new() { Name = "d" };
    private static readonly UserConfig Nobody = new() { Name = "u" };

    [Fact]
    public void For_NothingSet_IsGlobal()
    {
        var config = new TiggerConfig { MaxDbConnections = 8, MinPoolSize = 30, AuthUser = "a" };

        var effective = EffectiveSettings.For(config, Plain, user: null);

        Assert.Equal(effective, EffectiveSettings.For(config, Plain, Nobody));
        Assert.Equal(PoolMode.Session, effective.PoolMode);
        Assert.Equal(20, effective.PoolSize);
        Assert.Equal(20, effective.MinPoolSize);
        Assert.Equal(8, effective.MaxDbConnections);
        Assert.Equal(TimeSpan.FromSeconds(120), effective.QueryWaitTimeout);
        Assert.Equal("a", effective.AuthUser);
    }

    [Fact]
    public void For_AllLevelsSet_UserWinsOverDatabaseOverGlobal()
    {
        var database = Plain with { PoolMode = PoolMode.Transaction, PoolSize = 5, ReservePoolSize = 2, QueryWaitTimeout = TimeSpan.FromSeconds(7) };
        var user = Nobody with { PoolMode = PoolMode.Statement, PoolSize = 0, ReservePoolSize = 0, QueryWaitTimeout = TimeSpan.Zero };
        var config = new TiggerConfig();

        var withoutUser = EffectiveSettings.For(config, database, null);
        Assert.Equal(
            (PoolMode.Transaction, 5, 2, TimeSpan.FromSeconds(7)),
            (withoutUser.PoolMode, withoutUser.PoolSize, withoutUser.ReservePoolSize, withoutUser.QueryWaitTimeout));

        var withUser = EffectiveSettings.For(config, database, user);
        Assert.Equal(
            (PoolMode.Statement, 0, 0, TimeSpan.Zero),
            (withUser.PoolMode, withUser.PoolSize, withUser.ReservePoolSize, withUser.QueryWaitTimeout));
    }

    [Fact]
    public void For_ZeroLimitBelowGlobal_MeansNotSet()
    {
        var config = new TiggerConfig { MaxDbConnections = 8, MaxUserConnections = 9, QueryTimeout = TimeSpan.FromSeconds(3) };

        var effective = EffectiveSettings.For(
            config,
            Plain with { MaxDbConnections = 0, ServerLifetime = TimeSpan.Zero },
            Nobody with { MaxUserConnections = 0, QueryTimeout = TimeSpan.Zero });

        Assert.Equal((8, 9), (effective.MaxDbConnections, effective.MaxUserConnections));
        Assert.Equal((TimeSpan.FromHours(1), TimeSpan.FromSeconds(3)), (effective.ServerLifetime, effective.QueryTimeout));
    }

    [Fact]
    public void For_UnlimitedPool_DoesNotCapTheMinimum()
    {
        Assert.Equal(3, EffectiveSettings.For(new TiggerConfig { DefaultPoolSize = 0, MinPoolSize = 3 }, Plain, null).MinPoolSize);
    }

    [Fact]
    public void HostsOf_NoHost_IsTheUnixSocketDirectory()
    {
        var local = Directory.Exists("/var/run/postgresql") ? "/var/run/postgresql" : "/tmp";

        Assert.Equal([local], EffectiveSettings.HostsOf(new TiggerConfig(), Plain));
        Assert.Equal([local], EffectiveSettings.HostsOf(new TiggerConfig { UnixSocketDir = "" }, Plain));
        Assert.Equal(["/run/pg"], EffectiveSettings.HostsOf(new TiggerConfig { UnixSocketDir = "/run/pg" }, Plain));
        Assert.Equal(["db"], EffectiveSettings.HostsOf(new TiggerConfig(), Plain with { Host = ["db"] }));
    }
}
