using Tigger.Sessions;

namespace Tigger.Tests.Sessions;

/// <summary>Monitoring and drivers match on these texts; they are PgBouncer's where it has one.</summary>
public sealed class SessionEndReasonTests
{
    public static TheoryData<SessionEndReason, string, string> Told => new()
    {
        { SessionEndReason.ServerCrashed, "08P01", "server conn crashed?" },
        { SessionEndReason.InvalidParameter, "08P01", "invalid server parameter" },
        { SessionEndReason.TransactionInStatementMode, "08P01", "transaction blocks not allowed in statement pooling mode" },
        { SessionEndReason.BadMessage, "08P01", "bad packet" },
        { SessionEndReason.SimpleQueryDisabled, "08P01", "PQexec disallowed" },
        { SessionEndReason.QueryWaitTimeout, "08P01", "query_wait_timeout" },
        { SessionEndReason.QueryTimeout, "08P01", "query timeout" },
        { SessionEndReason.QueryTimeoutInQueue, "08P01", "query_timeout" },
        { SessionEndReason.IdleTransactionTimeout, "08P01", "idle transaction timeout" },
        { SessionEndReason.TransactionTimeout, "08P01", "transaction timeout" },
        { SessionEndReason.ClientIdleTimeout, "08P01", "client_idle_timeout" },
        { SessionEndReason.SuspendTimeout, "08P01", "suspend_timeout" },
        { SessionEndReason.Killed, "08P01", "admin forced disconnect" },
        { SessionEndReason.DatabaseChanged, "08P01", "database configuration changed" },
        { SessionEndReason.DatabaseRemoved, "08P01", "database removed" },
        { SessionEndReason.ServersShuttingDown, "08P01", "server shutting down" },
    };

    [Theory]
    [MemberData(nameof(Told))]
    public void Text_ToldReason_IsPgbouncers(SessionEndReason reason, string sqlState, string text) =>
        Assert.Equal((sqlState, text, true), (reason.SqlState, reason.Text, reason.TellClient));

    [Fact]
    public void TellClient_NobodyThereOrToldAlready_IsFalse() =>
        Assert.All(
            [SessionEndReason.ClientClosed, SessionEndReason.ClientVanished, SessionEndReason.ServerSaidWhy],
            reason => Assert.False(reason.TellClient, reason.Text));
}
