namespace Tigger.Protocol;

/// <summary>
/// What a server still owes for what its client has sent; decides when a link may end. Follows PostgreSQL's main loop
/// (PostgresMain, SocketBackend, CopyGetData) and the documentation, "Frontend/Backend Protocol", sections
/// "Extended Query", "Pipelining", "Function Call" and "COPY Operations".
/// </summary>
/// <remarks>
/// Invariant: what the server really owes is a subsequence of what is queued here. A COPY that fails after its client
/// sent Syncs leaves one thing unknowable: which of them the COPY had swallowed. All are then counted, and until the next
/// quiet ReadyForQuery the ledger is inexact: an error drops nothing and a COPY swallows nothing, so the
/// count can only be too high. It recovers when the client goes on: a reply no Sync can produce proves the Syncs before it past.
/// <para>Not visible here: a Flush with a body makes the server skip to the next Sync. Callers refuse it as a protocol violation.</para>
/// </remarks>
public sealed partial class ReplyLedger
{
    /// <summary>Most runs that may be outstanding; a client beyond it is sending without ever reading.</summary>
    public const int MaxRuns = 65536;

    private ReplyRuns _runs;
    private long _expected;
    private int _copySyncs;
    private bool _copying;
    private bool _copyEnded;
    private bool _skipping;
    private bool _inexact;
    private bool _quiet = true;
    private bool _phantomSyncs;

    /// <summary>Nothing is owed, the server is not skipping to a Sync and not in COPY IN.</summary>
    public bool IsEmpty => _runs.IsEmpty && !_skipping;

    /// <summary>
    /// A ReadyForQuery arrived with <see cref="IsEmpty"/> and nothing but Flush, CopyData, CopyDone or CopyFail, which
    /// the server then ignores, has been sent since. True in the beginning.
    /// </summary>
    public bool IsQuiet => _quiet;

    /// <summary>How many ReadyForQuery are owed for what has been sent; never too low.</summary>
    public int ExpectedReadyForQuery => (int)Math.Min(_expected, int.MaxValue);

    /// <summary>The server has reported an error and ignores what comes before the next Sync.</summary>
    public bool IsSkipping => _skipping;

    /// <summary>Syncs are counted that a failed COPY may have swallowed: replies cannot be told apart by their order.</summary>
    public bool MayCountPhantomSyncs => _phantomSyncs;

    /// <summary>
    /// Whether the message passed to <see cref="ServerMessage"/> last was the completion of one noted by
    /// <see cref="StatementMessage"/>.
    /// </summary>
    public bool StatementAnswered { get; private set; }

    /// <summary>
    /// How many of the messages noted by <see cref="StatementMessage"/>, the oldest outstanding ones, the reply passed last has
    /// shown to be without completion: the one that failed, if it was one, and those skipped.
    /// </summary>
    public int StatementsSkipped { get; private set; }

    private bool OnlyHeadIsOwed => _runs.Length == 1 && _runs.Head.Count == 1;

    /// <summary>Notes a message of the client that goes to the server.</summary>
    /// <param name="type">Its <see cref="FrontendCode"/>.</param>
    /// <returns>False if more than <see cref="MaxRuns"/> runs would be outstanding: disconnect the client.</returns>
    public bool ClientMessage(byte type)
    {
        switch (type)
        {
            case FrontendCode.Flush:
            case FrontendCode.CopyData:
                return true;
            case FrontendCode.CopyDone:
            case FrontendCode.CopyFail:
                return EndCopyByClient();
            case FrontendCode.Sync:
                return AddSync();
            case FrontendCode.Query:
            case FrontendCode.FunctionCall:
                return Add(ReplyKind.Query);
            case FrontendCode.Parse:
            case FrontendCode.Bind:
            case FrontendCode.Describe:
            case FrontendCode.Execute:
            case FrontendCode.Close:
                return Add(ReplyKind.Extended);
            default:
                // Terminate, or a type the server dies of: it will never be ready again.
                _quiet = false;
                return true;
        }
    }

    /// <summary>Notes a Parse, Bind, Describe or Close of a named statement, of the client's or of our own.</summary>
    /// <returns>As of <see cref="ClientMessage"/>.</returns>
    public bool StatementMessage() => Add(ReplyKind.Statement);

    /// <summary>Notes a message of the server other than ReadyForQuery.</summary>
    /// <param name="type">Its <see cref="BackendCode"/>; those that settle nothing are ignored.</param>
    public void ServerMessage(byte type)
    {
        StatementAnswered = false;
        StatementsSkipped = 0;
        if (_runs.IsEmpty)
        {
            // An error nobody's message explains: a malformed Flush, or the end of this server.
            _inexact |= type == BackendCode.ErrorResponse;
            return;
        }

        if (_runs.Head.Kind == ReplyKind.Sync && !DropPassedSyncs(type))
        {
            return;
        }

        switch (type)
        {
            case BackendCode.CommandComplete:
                ClearCopy();
                CompleteExtended();
                break;
            case BackendCode.ParseComplete:
            case BackendCode.BindComplete:
            case BackendCode.CloseComplete:
            case BackendCode.NoData:
            case BackendCode.RowDescription:
                CompleteStatement();
                break;
            case BackendCode.EmptyQueryResponse:
            case BackendCode.PortalSuspended:
                CompleteExtended();
                break;
            case BackendCode.CopyInResponse:
            case BackendCode.CopyBothResponse:
                BeginCopy();
                break;
            case BackendCode.ErrorResponse:
                Fail();
                break;
        }
    }

    /// <summary>Notes a ReadyForQuery of the server.</summary>
    /// <returns>False if none was expected: the server broke the protocol, nothing is changed.</returns>
    public bool ReadyForQuery()
    {
        StatementsSkipped = 0;
        if (_expected == 0)
        {
            return false;
        }

        if (_copying)
        {
            // PostgreSQL completes or fails a COPY first; if one does not, the Syncs may still be answered.
            RestoreCopySyncs();
        }

        while (_runs.Head.Kind is ReplyKind.Extended or ReplyKind.Statement or ReplyKind.CopyEnd)
        {
            SkipHead();
        }

        _expected--;
        _runs.DropOne();
        SkipCopyEnds();
        if (IsEmpty)
        {
            _quiet = true;
            _inexact = _phantomSyncs = false;
        }

        return true;
    }

    /// <summary>Starts anew, for another link; keeps the storage.</summary>
    public void Reset()
    {
        _runs.Clear();
        _expected = 0;
        ClearCopy();
        _skipping = _inexact = _phantomSyncs = StatementAnswered = false;
        StatementsSkipped = 0;
        _quiet = true;
    }

    private bool Add(ReplyKind kind)
    {
        _quiet = false;
        if (_skipping)
        {
            return true;
        }

        if (!_runs.TryPush(kind, MaxRuns))
        {
            return false;
        }

        _expected += kind is ReplyKind.Extended or ReplyKind.Statement or ReplyKind.CopyEnd ? 0 : 1;
        return true;
    }

    private bool AddSync()
    {
        _skipping = false;
        if (_copying && !_copyEnded && OnlyHeadIsOwed && _copySyncs < int.MaxValue)
        {
            _copySyncs++;
            return true;
        }

        return Add(ReplyKind.Sync);
    }

    private bool EndCopyByClient()
    {
        if (_runs.IsEmpty)
        {
            return true;
        }

        if (_copying && !_copyEnded && OnlyHeadIsOwed)
        {
            _copyEnded = true;
            return true;
        }

        return Add(ReplyKind.CopyEnd);
    }

    private void CompleteStatement()
    {
        StatementAnswered = _runs.Head.Kind == ReplyKind.Statement;
        if (!StatementAnswered)
        {
            CompleteExtended();
            return;
        }

        _runs.DropOne();
        SkipCopyEnds();
    }

    /// <summary>Drops messages that will have no completion.</summary>
    private void SkipHead()
    {
        StatementsSkipped += _runs.Head.Kind == ReplyKind.Statement ? _runs.Head.Count : 0;
        _runs.DropRun();
    }

    private void CompleteExtended()
    {
        if (_runs.Head.Kind == ReplyKind.Extended)
        {
            _runs.DropOne();
            SkipCopyEnds();
        }
    }

    /// <summary>The server reads CopyData now and ignores Sync, until CopyDone or CopyFail.</summary>
    private void BeginCopy()
    {
        if (_inexact)
        {
            return;
        }

        ClearCopy();
        _copying = true;
        if (_runs.Head.Count > 1 || _runs.Length == 1)
        {
            return;
        }

        while (_runs.Length > 1 && _runs.At(1).Kind == ReplyKind.Sync)
        {
            int syncs = _runs.DropSecondRun();
            _copySyncs += syncs;
            _expected -= syncs;
        }

        if (_runs.Length > 1 && _runs.At(1).Kind == ReplyKind.CopyEnd)
        {
            _copyEnded = true;
            if (--_runs.At(1).Count == 0)
            {
                _runs.DropSecondRun();
            }
        }
    }

    private void Fail()
    {
        if (_inexact)
        {
            return;
        }

        // Before version 14 a COPY swallowed the foreign message it failed of.
        bool swallowedOther = _copying && !_copyEnded && !OnlyHeadIsOwed;
        if (_copySyncs > 0)
        {
            RestoreCopySyncs();
            return;
        }

        ClearCopy();
        if (_runs.Head.Kind == ReplyKind.Query)
        {
            _inexact = _phantomSyncs = swallowedOther;
            return;
        }

        while (!_runs.IsEmpty && _runs.Head.Kind != ReplyKind.Sync)
        {
            _expected -= _runs.Head.Kind == ReplyKind.Query ? _runs.Head.Count : 0;
            SkipHead();
        }

        _skipping = _runs.IsEmpty;
    }

    /// <summary>Counts the Syncs of a failed COPY again: which of them it swallowed cannot be seen.</summary>
    private void RestoreCopySyncs()
    {
        int syncs = _copySyncs;
        ClearCopy();
        if (syncs == 0)
        {
            return;
        }

        ReplyKind head = _runs.Head.Kind;
        _runs.DropOne();
        _runs.PushFront(ReplyKind.Sync, syncs);
        if (head == ReplyKind.Query)
        {
            _runs.PushFront(ReplyKind.Query, 1);
        }

        _expected += syncs;
        _inexact = _phantomSyncs = true;
    }

    /// <summary>
    /// With a Sync at the head: drops it if this message can only be the reply to a later one. False if nothing follows
    /// from the message.
    /// </summary>
    private bool DropPassedSyncs(byte type)
    {
        if (type is BackendCode.NoticeResponse or BackendCode.NotificationResponse or BackendCode.ParameterStatus
            or BackendCode.ErrorResponse)
        {
            return false;
        }

        int passed = 0;
        while (passed < _runs.Length && _runs.At(passed).Kind is ReplyKind.Sync or ReplyKind.CopyEnd)
        {
            passed++;
        }

        if (passed == _runs.Length)
        {
            return false;
        }

        for (; passed > 0; passed--)
        {
            _expected -= _runs.Head.Kind == ReplyKind.Sync ? _runs.Head.Count : 0;
            _runs.DropRun();
        }

        return true;
    }

    private void SkipCopyEnds()
    {
        while (!_runs.IsEmpty && _runs.Head.Kind == ReplyKind.CopyEnd)
        {
            _runs.DropRun();
        }
    }

    private void ClearCopy()
    {
        _copySyncs = 0;
        _copying = _copyEnded = false;
    }
}
