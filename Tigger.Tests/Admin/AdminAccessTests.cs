using Tigger.Admin;
using Tigger.Config;
using Tigger.Sessions;

namespace Tigger.Tests.Admin;

public sealed class AdminAccessTests
{
    private static readonly TiggerConfig Config = new() { AdminUsers = ["root", "both"], StatsUsers = ["watch", "both"] };

    [Theory]
    [InlineData("root", AuthType.ScramSha256, AdminLevel.Admin)]
    [InlineData("both", AuthType.Md5, AdminLevel.Admin)]
    [InlineData("watch", AuthType.Trust, AdminLevel.Stats)]
    [InlineData("alice", AuthType.Trust, AdminLevel.None)]
    [InlineData("Root", AuthType.Trust, AdminLevel.None)]
    [InlineData("root", AuthType.Any, AdminLevel.Admin)]
    [InlineData("alice", AuthType.Any, AdminLevel.Stats)]
    public void For_UserAndProof_GivesLevel(string user, AuthType authType, AdminLevel level) =>
        Assert.Equal(level, AdminLoginRules.For(Config, user, authType));

    [Theory]
    [InlineData("SHOW POOLS", true)]
    [InlineData("show totals", true)]
    [InlineData("SHOW HELP", true)]
    [InlineData("SHOW timezone", true)]
    [InlineData("SELECT 1", true)]
    [InlineData("BEGIN", true)]
    [InlineData("SET TimeZone = 'UTC'", true)]
    [InlineData("SHOW FDS", false)]
    [InlineData("select fds", false)]
    [InlineData("SET verbose = 1", false)]
    [InlineData("PAUSE", false)]
    [InlineData("PAUSE db", false)]
    [InlineData("RESUME", false)]
    [InlineData("DISABLE db", false)]
    [InlineData("ENABLE db", false)]
    [InlineData("RECONNECT", false)]
    [InlineData("KILL", false)]
    [InlineData("KILL_CLIENT 1", false)]
    [InlineData("SUSPEND", false)]
    [InlineData("RELOAD", false)]
    [InlineData("WAIT_CLOSE", false)]
    [InlineData("SHUTDOWN", false)]
    public void Allows_StatsUser_MayLookButNotTouch(string text, bool allowed)
    {
        AdminStatement statement = AdminCommandParser.Parse(text);

        Assert.Equal(allowed, AdminAccess.Allows(AdminLevel.Stats, statement));
        Assert.True(AdminAccess.Allows(AdminLevel.Admin, statement));
        Assert.False(AdminAccess.Allows(AdminLevel.None, statement));
    }
}
