using Tigger.Mirroring;
using Tigger.Prepared;
using Tigger.Protocol;

namespace Tigger.Sessions;

/// <summary>What the database's mirrors are told. All members are called with the lock held.</summary>
public sealed partial class ClientSession
{
    // Null until the database has a mirror.
    private MirrorTap? _tap;
    private bool _tellsMirrors;
    private long _tapStartedAt;
    private long _tapQueryTime;
    private long _tapSent;
    private long _tapRows;
    private TransactionPath _tapPath;
    private string? _firstError;

    /// <summary>The client has sent something that has not been looked at.</summary>
    private void RequestsArrive()
    {
        if (_tap is null && Login.Database.Mirrors is { } mirrors)
        {
            _tap = mirrors.Tap(MirrorSource());
        }

        if (_tap is { IsInside: false } tap)
        {
            // Who begins to listen in the middle of a transaction waits for the next.
            _tellsMirrors = _framer.AtBoundary && (_server is not { } server || IsQuiet(server));
            tap.Arrives();
        }
    }

    /// <summary>Bytes that the server gets, as the client sent them.</summary>
    private void TellMirrors(ReadOnlySpan<byte> requests)
    {
        if (_tap is not { } tap || !_tellsMirrors || requests.IsEmpty)
        {
            return;
        }

        if (!tap.IsInside)
        {
            _tapStartedAt = _now;
            _tapQueryTime = _counters.QueryTime;
            _tapSent = _counters.Sent;
            _tapRows = 0;
            _tapPath = TransactionPath.User;
            _firstError = null;
        }

        tap.Request(requests, Parameters, _now);
    }

    private void TransactionMayHaveEnded()
    {
        if (_tap is { IsInside: true } tap && _server is { } server && IsQuiet(server))
        {
            tap.Ended(new TransactionOutcome(_tapStartedAt, _now, _counters.QueryTime - _tapQueryTime, _firstError)
            {
                Rows = _tapRows,
                ReplyBytes = _counters.Sent - _tapSent,
                Backend = server.Identity.ProcessId,
                Path = _tapPath,
            });
        }
    }

    private void NoteRowsForMirrors(ReadOnlySpan<byte> tag)
    {
        if (_tap is not null)
        {
            _tapRows += CommandTag.Rows(tag);
        }
    }

    /// <summary>An error that the client is not told of is none.</summary>
    private void NoteErrorForMirrors(ReplyAction action, ErrorFields error)
    {
        if (_tap is not null && action != ReplyAction.Swallow)
        {
            _firstError ??= error.SqlState;
        }
    }

    private MirrorSource MirrorSource() => new(
        Id, Pool.User.Name, Login.Startup, Pool.Mode == Config.PoolMode.Session, Pool.StatementTable, () => _statements?.All ?? [])
    {
        Address = Login.Remote?.ToString() ?? "unix",
    };
}
