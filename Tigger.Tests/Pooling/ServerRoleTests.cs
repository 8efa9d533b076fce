using Tigger.Config;
using Tigger.Pooling;

namespace Tigger.Tests.Pooling;

public sealed class ServerRoleTests
{
    /// <summary>PostgreSQL's documentation of target_session_attrs, as a table.</summary>
    [Theory]
    [InlineData(TargetSessionAttrs.Any, true, true, true)]
    [InlineData(TargetSessionAttrs.PreferStandby, true, true, true)]
    [InlineData(TargetSessionAttrs.ReadWrite, true, false, false)]
    [InlineData(TargetSessionAttrs.ReadOnly, false, true, true)]
    [InlineData(TargetSessionAttrs.Primary, true, true, false)]
    [InlineData(TargetSessionAttrs.Standby, false, false, true)]
    public void Misfit_Role_IsAsInLibpq(TargetSessionAttrs wanted, bool primary, bool readOnlyPrimary, bool standby)
    {
        Assert.Equal(primary, new ServerRole(InRecovery: false, ReadOnly: false).Misfit(wanted) is null);
        Assert.Equal(readOnlyPrimary, new ServerRole(InRecovery: false, ReadOnly: true).Misfit(wanted) is null);
        Assert.Equal(standby, new ServerRole(InRecovery: true, ReadOnly: true).Misfit(wanted) is null);
    }
}
