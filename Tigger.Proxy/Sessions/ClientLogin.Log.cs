using Microsoft.Extensions.Logging;

namespace Tigger.Sessions;

public sealed partial class ClientLogin
{
    [LoggerMessage(2100, LogLevel.Information, "C-{Client}: {Address} login attempt: db={Database} user={User} tls={Tls}")]
    private static partial void LogAttempt(ILogger logger, long client, string address, string database, string user, string tls);

    [LoggerMessage(2108, LogLevel.Information, "C-{Client}: {Address} login failed: db={Database} user={User}")]
    private static partial void LogLoginFailed(ILogger logger, long client, string address, string database, string user);

    [LoggerMessage(2101, LogLevel.Warning, "C-{Client}: {Address} pooler error: {Error}")]
    private static partial void LogRefused(ILogger logger, long client, string address, string error);

    [LoggerMessage(2102, LogLevel.Information, "C-{Client}: {Address} closing because: {Reason} (age={Age}s)")]
    private static partial void LogClosing(ILogger logger, long client, string address, string reason, int age);

    [LoggerMessage(2103, LogLevel.Critical, "C-{Client}: unhandled fault during login")]
    private static partial void LogUnhandled(ILogger logger, Exception fault, long client);

    [LoggerMessage(2107, LogLevel.Information, "C-{Client}: pgbouncer access from unix socket")]
    private static partial void LogOwner(ILogger logger, long client);
}
