using Microsoft.Extensions.Logging;
using Tigger.Pooling;
using Tigger.Telemetry;

namespace Tigger.Sessions;

/// <summary>
/// Brings a cancel request to the backend that works for the client named by its key, if one does. PostgreSQL answers by
/// closing the connection, after it has signalled the backend; until then the server is not lent to anybody else.
/// </summary>
public sealed partial class CancelRouter(
    SessionTable sessions, ServerConnector connector, PeerTable peers, Func<CancelKey, bool> cancelConsole, PoolerCounters counters,
    ILogger logger)
{
    public async Task RouteAsync(ClientConnection requester, ReadOnlyMemory<byte> body)
    {
        if (!CancelKey.TryRead(body.Span, out CancelKey key))
        {
            counters.Count(PoolerCounter.CancelUnknown);
            return;
        }

        if (peers.IsForeign(key))
        {
            await peers.ForwardAsync(requester, key);
            return;
        }

        if (peers.AreThere)
        {
            key = key.Original;
        }

        if (sessions.Find(key) is not { } session)
        {
            if (cancelConsole(key))
            {
                return;
            }

            // The same to the requester as a success: keys must not be guessed by the answer.
            counters.Count(PoolerCounter.CancelUnknown);
            LogUnknown(logger, requester.Id, requester.Address);
            return;
        }

        counters.Count(PoolerCounter.CancelRouted);
        if (session.BeginCancel() is not { } server)
        {
            return;
        }

        try
        {
            await connector.SendCancelAsync(server);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            LogFailed(logger, requester.Id, server.Id, fault is OperationCanceledException ? "cancel_wait_timeout" : fault.Message);
        }
        finally
        {
            server.EndCancel();
        }
    }

    [LoggerMessage(2010, LogLevel.Information, "C-{Client}: {Address} failed cancel request")]
    private static partial void LogUnknown(ILogger logger, long client, string address);

    [LoggerMessage(2011, LogLevel.Warning, "C-{Client}: cancel request for S-{Server} not delivered: {Reason}")]
    private static partial void LogFailed(ILogger logger, long client, long server, string reason);
}
