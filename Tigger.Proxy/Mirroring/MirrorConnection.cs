using Tigger.Net;
using Tigger.Pooling;
using Tigger.Protocol;
using Tigger.Relay;

namespace Tigger.Mirroring;

/// <summary>One connection to a mirror. One worker has it at a time, or it is idle.</summary>
internal sealed class MirrorConnection : ISocketHandler
{
    /// <summary>A prepared statement does not exist.</summary>
    private const string UnknownStatement = "26000";

    private readonly ServerConnection _server;
    private readonly IMirrorReplies _replies;
    private readonly MirrorStatements _statements;
    private readonly PendingBytes _out = new();
    private readonly AsyncSignal _event = new();
    private volatile bool _hungUp;
    private MirrorSource? _last;
    private ParameterProfile? _asked;
    private ParameterProfile? _got;

    /// <param name="server">Logged in; this takes it over.</param>
    /// <param name="replies">Made for it; null: they are read from its socket.</param>
    public MirrorConnection(ServerConnection server, IMirrorReplies? replies = null)
    {
        _server = server;
        _replies = replies ?? new SocketReplies(server);
        _statements = new MirrorStatements(Math.Max(1, server.Pool.Settings.Global.MaxPreparedStatements));
        LastUsedAt = Clock.GetTimestamp();
        server.Socket.Handler = this;
        Wake();
    }

    /// <summary>PostgreSQL has closed it, or the next transaction must not use it.</summary>
    public bool IsUseless { get; private set; }

    /// <summary>It broke while nobody used it.</summary>
    public bool IsHungUp => _hungUp;

    /// <summary>Timestamp of the last transaction's end.</summary>
    public long LastUsedAt { get; private set; }

    private TimeProvider Clock => _server.Pool.Clock;

    /// <summary>A client has left something in the session: a SET, LISTEN, PREPARE or lock. Of anything else there is doubt.</summary>
    private bool IsDirty => (_server.Traces.Found & (SessionTrace.Certain | SessionTrace.SettingInBlock)) != 0;

    public void OnReady(SocketEvents events)
    {
        if ((events & SocketEvents.Ended) != 0)
        {
            _hungUp = _server.HungUp = true;
        }

        Wake();
    }

    /// <summary>Something has come, or can be sent. Any thread may call.</summary>
    public void Wake() => _event.Set();

    /// <summary>
    /// Carries out a transaction of a client with its parameters. Afterwards <see cref="IsUseless"/> tells whether another can
    /// follow.
    /// </summary>
    /// <returns>How it went, and the timestamp of the first byte sent.</returns>
    /// <exception cref="IOException">The connection broke before everything was answered.</exception>
    /// <exception cref="InvalidDataException">The mirror broke the protocol.</exception>
    /// <exception cref="OperationCanceledException">There was no more time.</exception>
    public async ValueTask<(MirrorReply Reply, long StartedAt)> RunAsync(MirrorTransaction transaction, CancellationToken cancellation)
    {
        IsUseless = true;
        if (_last != transaction.Source && IsDirty)
        {
            await ResetAsync(cancellation);
        }

        _last = transaction.Source;
        await AlignAsync(transaction.Parameters, cancellation);
        _server.Traces.LinkBegins(TransactionStatus.Idle);
        long startedAt = Clock.GetTimestamp();
        _replies.Begin();
        MirrorReply reply;
        if (transaction.Named.Count == 0)
        {
            MirrorWriter.Note(transaction.Bytes, _replies);
            reply = await ExchangeAsync(transaction.Memory, cancellation);
        }
        else
        {
            MirrorWriter.Write(transaction, _statements, _replies, _out);
            reply = await ExchangeAsync(default, cancellation);
        }

        _server.Traces.TransactionEnds();
        _statements.Settle(reply.SqlState is not null, reply.EndedStatements || reply.SqlState == UnknownStatement);
        IsUseless = _replies.IsUnclear || reply.Status != TransactionStatus.Idle;
        LastUsedAt = Clock.GetTimestamp();
        return (reply, startedAt);
    }

    /// <summary>Closes the connection; PostgreSQL rolls back what is open.</summary>
    public void Close()
    {
        _out.Release();
        _statements.Release();
        (_replies as IDisposable)?.Dispose();
        _server.Close(sayGoodbye: !IsUseless && !_hungUp);
    }

    /// <summary>Another client's session is not to be met.</summary>
    private async ValueTask ResetAsync(CancellationToken cancellation)
    {
        MirrorReply reply = await AskAsync(PoolSettings.SessionReset(_server.Pool.Settings.Global), cancellation);
        if (reply.SqlState is not null)
        {
            throw new InvalidDataException($"the mirror could not be reset: {reply.SqlState}");
        }

        _server.Traces.Clear();
        _statements.Settle(hasFailed: false, reply.EndedStatements);
    }

    /// <summary>Brings the tracked parameters in line with the client's.</summary>
    private async ValueTask AlignAsync(ParameterProfile wanted, CancellationToken cancellation)
    {
        // The mirror spells some values otherwise than they were asked for.
        bool isSame = _asked?.Number == wanted.Number && ReferenceEquals(_got, _server.Parameters);
        if (!isSame && _server.Pool.Tracked.Difference(_server.Parameters, wanted) is { } commands)
        {
            bool wasDirty = IsDirty;
            await AskAsync(commands, cancellation);
            if (!wasDirty)
            {
                _server.Traces.Clear();
            }
        }

        _asked = wanted;
        _got = _server.Parameters;
    }

    private ValueTask<MirrorReply> AskAsync(string sql, CancellationToken cancellation)
    {
        _replies.Begin();
        _replies.Note(FrontendCode.Query);
        return ExchangeAsync(QueryMessage.Build(sql), cancellation);
    }

    /// <summary>Sends the bytes, or what is in <see cref="_out"/>, and returns when all is answered.</summary>
    private async ValueTask<MirrorReply> ExchangeAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        while (true)
        {
            SendSome(ref data);
            bool isAnswered = _replies.TakeIn();
            if (data.IsEmpty && _out.IsEmpty && (isAnswered || _replies.IsUnclear))
            {
                return isAnswered ? _replies.Reply : await EndAsync(cancellation);
            }

            await _event.WaitAsync(cancellation);
        }
    }

    private void SendSome(ref ReadOnlyMemory<byte> data)
    {
        int result = _out.FlushTo(_server.Transport);
        while (result >= 0 && !data.IsEmpty)
        {
            result = _server.Transport.Send(data.Span);
            data = data[Math.Max(0, result)..];
        }

        if (result is < 0 and not LoopSocket.WouldBlock)
        {
            throw SocketFailure.Create("send", -result);
        }
    }

    /// <summary>Says goodbye behind what was sent, which PostgreSQL carries out first, and reads what comes until it closes.</summary>
    private async ValueTask<MirrorReply> EndAsync(CancellationToken cancellation)
    {
        _out.Append(Terminate.Message);
        try
        {
            while (true)
            {
                ReadOnlyMemory<byte> nothing = default;
                SendSome(ref nothing);
                _replies.TakeIn();
                await _event.WaitAsync(cancellation);
            }
        }
        catch (EndOfStreamException)
        {
            return _replies.Reply;
        }
    }
}
