using Tigger.Protocol;

namespace Tigger.Pooling;

/// <summary>
/// What clients have left behind in a server's session, gathered from the replies that go by. Guarded like the server it is of.
/// A SET is not held against a client if its text was seen and says that it ends with the transaction, or that it sets a
/// parameter that follows the client.
/// </summary>
internal sealed class SessionTraces(TrackedParameters tracked)
{
    private HashSet<string>? _changedParameters;
    private int _harmlessSets;
    private bool _parsedHarmless;
    private bool _boundHarmless;
    private bool _inBlock;
    private byte _last;
    private byte _previous;

    /// <summary>Everything since the session was last known to be clean.</summary>
    public SessionTrace Found { get; private set; }

    /// <summary>The traces found have been dealt with by the pool's <c>dirty_server</c>.</summary>
    public bool IsNoted { get; set; }

    /// <summary>A command has come since then that may have undone what was found.</summary>
    public bool MayBeClean { get; set; }

    /// <summary>Another link begins, at this transaction status.</summary>
    public void LinkBegins(byte status)
    {
        _inBlock = status != TransactionStatus.Idle;
        _harmlessSets = 0;
        _parsedHarmless = _boundHarmless = false;
        _last = _previous = 0;
    }

    /// <summary>Nothing is left.</summary>
    public void Clear()
    {
        Found = SessionTrace.None;
        IsNoted = MayBeClean = false;
        _changedParameters = null;
    }

    /// <summary>The server was asked and is not as it was.</summary>
    public void Confirm()
    {
        Found |= SessionTrace.Confirmed;
        MayBeClean = false;
    }

    /// <summary>A message of the client, whole, that goes to the server.</summary>
    public void Request(byte type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case FrontendCode.Query:
                _harmlessSets += IsHarmless(body) ? 1 : 0;
                _parsedHarmless = _boundHarmless = false;
                break;
            case FrontendCode.Parse when body is [0, ..]:
                int end = body[1..].IndexOf((byte)0);
                _parsedHarmless = end > 0 && IsHarmless(body.Slice(1, end));
                break;
            case FrontendCode.Bind:
                bool isUnnamed = body is [0, 0, ..];
                _boundHarmless = isUnnamed ? _parsedHarmless : _boundHarmless && body is [not 0, ..];
                break;
            case FrontendCode.Execute when _boundHarmless && body is [0, ..]:
                _harmlessSets++;
                break;
        }
    }

    /// <summary>Any message of the server, before what is said of it below.</summary>
    public void Message(byte type)
    {
        if (type == BackendCode.ErrorResponse)
        {
            // Which of the commands sent meanwhile are skipped is not known.
            _harmlessSets = 0;
        }

        if (type is not (BackendCode.NoticeResponse or BackendCode.NotificationResponse or BackendCode.ParameterStatus))
        {
            (_previous, _last) = (_last, type);
        }
    }

    /// <summary>A CommandComplete.</summary>
    public void CommandComplete(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> tag = TraceTags.Of(body);
        if (tag.SequenceEqual("DISCARD ALL"u8))
        {
            Clear();
            return;
        }

        SessionTrace trace = TraceTags.TraceOf(tag, _inBlock, _previous);
        if (trace != SessionTrace.None)
        {
            Add(trace);
        }
        else
        {
            MayBeClean |= TraceTags.MayClean(tag);
            _inBlock = (_inBlock || tag.SequenceEqual("BEGIN"u8) || tag.SequenceEqual("START TRANSACTION"u8))
                && !tag.SequenceEqual("COMMIT"u8) && !tag.SequenceEqual("ROLLBACK"u8);
        }
    }

    /// <summary>A RowDescription.</summary>
    public void Columns(ReadOnlySpan<byte> body)
    {
        Found |= TraceTags.TraceOfColumns(body);
        MayBeClean |= TraceTags.MayUnlock(body);
    }

    /// <summary>A ReadyForQuery.</summary>
    public void Ready(byte status) => _inBlock = status != TransactionStatus.Idle;

    /// <summary>A parameter that does not follow the client was reported: the same as at the server's login, or not.</summary>
    public void Reported(string name, bool isAsAtLogin)
    {
        if (isAsAtLogin)
        {
            _changedParameters?.Remove(name);
            MayBeClean = true;
        }
        else
        {
            (_changedParameters ??= []).Add(name);
        }
    }

    /// <summary>The transaction is over: a reported parameter counts if it is still another.</summary>
    public void TransactionEnds()
    {
        if (_changedParameters is { Count: > 0 })
        {
            Found |= SessionTrace.Parameter;
        }
    }

    private void Add(SessionTrace trace)
    {
        if ((trace & (SessionTrace.Setting | SessionTrace.SettingInBlock)) != 0 && _harmlessSets > 0)
        {
            _harmlessSets--;
            return;
        }

        Found |= trace;
    }

    private bool IsHarmless(ReadOnlySpan<byte> sql) =>
        SetCommand.TryRead(sql, out string parameter) && (parameter.Length == 0 || tracked.IndexOf(parameter) >= 0);
}
