using Tigger.Net;
using Tigger.Pooling;
using Tigger.Prepared;
using Tigger.Protocol;
using Tigger.Relay;
using Tigger.Telemetry;

namespace Tigger.Sessions;

/// <summary>Client to server. All members are called with the lock held.</summary>
public sealed partial class ClientSession
{
    // A message that means nothing without a server (CopyData after a failed COPY) is being skipped.
    private bool _discarding;

    private bool CanForward => _state switch
    {
        SessionState.Idle => !Table.IsSuspended && !Table.IsDraining && !Table.IsMoving && _freed is null,
        SessionState.Active => !Table.IsSuspended && _server!.Task == ServerTask.None && _server.Out.IsEmpty && !_awaitsReply && !_repeats
            && !(Table.IsMoving && IsHeldForMove),
        _ => false,
    };

    private void PumpRequests()
    {
        if (_state == SessionState.Active && !FlushServer())
        {
            return;
        }

        for (int turn = 0; CanForward && (_readable || _heldIsRequest); turn++)
        {
            if (turn == TurnsAtOnce)
            {
                Socket.Defer();
                return;
            }

            byte[] buffer = RelayBuffer.ForThisThread();
            int length = _held.MoveTo(buffer);
            if (_heldIsRequest)
            {
                _heldIsRequest = false;
            }
            else
            {
                // What came while our end entered the kernel's map has to be read whole.
                int room = (_server is null && !(_edgesUnknown && _remoteCookie != 0) ? RelayBuffer.RequestSize : RelayBuffer.Size) - length;
                int count = _transport.Receive(buffer.AsSpan(length, room));
                if (count <= 0)
                {
                    OnNothingRead(buffer.AsSpan(0, length), count);
                    return;
                }

                // A short read has emptied the socket; the next byte makes a new edge. Not so the end of the stream.
                _readable = _hungUp || _edgesUnknown || IsInMap || _transport.MayHaveMore || count == room;
                _counters.Received += count;
                length += count;
            }

            ForwardRequests(buffer.AsSpan(0, length));
        }

        if (_hungUp && _state == SessionState.Waiting)
        {
            // Nobody reads from a waiting client; one that has closed must neither keep its place nor have its query run.
            EndBy(SessionEndReason.ClientVanished);
        }
    }

    private void OnNothingRead(ReadOnlySpan<byte> unfinished, int result)
    {
        if (result == LoopSocket.WouldBlock)
        {
            _readable = _edgesUnknown = false;
            _held.Append(unfinished);
        }
        else
        {
            EndBy(SessionEndReason.ClientVanished);
        }
    }

    /// <summary>Walks the messages, notes what the server will owe for each, and sends them on.</summary>
    private void ForwardRequests(ReadOnlySpan<byte> data)
    {
        if (IsReplication)
        {
            Forward(data);
            return;
        }

        int offset = 0;
        int start = 0;
        int forwarded = 0;
        int untold = 0;
        RequestsArrive();

        // Something comes behind what might have been sent again.
        _repeatable.Release();
        while (true)
        {
            if (_framer.AtBoundary && !EnsureDestination(data, offset))
            {
                return;
            }

            switch (_framer.Next(data, ref offset))
            {
                case FrameEvent.Message:
                    if (_discarding)
                    {
                        break;
                    }

                    NameSearch search = SearchName(data, offset, out Range name);
                    if (search == NameSearch.Found)
                    {
                        if (SendNamed(data, name, start, ref forwarded, ref offset) is { } refusal)
                        {
                            EndBefore([], refusal);
                            return;
                        }

                        start = _framer.AtBoundary ? offset : start;
                        if (_server!.Out.Length > MaximumAssembled && !FlushServer())
                        {
                            TellMirrors(data[untold..forwarded]);
                            Keep(data[forwarded..]);
                            return;
                        }

                        break;
                    }

                    if (search == NameSearch.Incomplete)
                    {
                        TellMirrors(data[untold..start]);
                        HoldBack(data, forwarded, start);
                        return;
                    }

                    SessionEndReason? end = _framer.Type == FrontendCode.Terminate
                        ? SessionEndReason.ClientClosed
                        : RefusalOf(_framer.Type);
                    if (end is not null)
                    {
                        TellMirrors(data[untold..start]);
                        EndBefore(data[forwarded..start], end);
                        return;
                    }

                    break;
                case FrameEvent.End:
                    NoteRequest(data[start..offset]);
                    if (_collects)
                    {
                        if (SendCollected(data[start..offset]) is { } refusal)
                        {
                            EndBefore([], refusal);
                            return;
                        }

                        forwarded = offset;
                    }

                    start = offset;
                    if (_discarding)
                    {
                        _discarding = false;
                        forwarded = untold = offset;
                    }

                    break;
                case FrameEvent.NeedMore:
                    TellMirrors(_discarding ? [] : data[untold..(_framer.InHeader ? start : data.Length)]);
                    ForwardTail(data, forwarded, start);
                    return;
                default:
                    EndBefore(data[forwarded..start], SessionEndReason.BadMessage);
                    return;
            }
        }
    }

    /// <summary>Ends the session at a message that is not forwarded; the server sees whole messages up to there.</summary>
    private void EndBefore(ReadOnlySpan<byte> complete, SessionEndReason reason)
    {
        if (reason.TellClient)
        {
            Pool.Registry.Counters.Count(PoolerCounter.ClientViolation);
        }

        Forward(complete);
        SendAssembled();
        _framer = new MessageFramer(_maximumMessage);
        EndBy(reason);
    }

    /// <summary>
    /// At the start of a message: makes sure there is a server for it, or that it is skipped. False: the bytes from
    /// <paramref name="offset"/> on are kept and the session waits (or has ended).
    /// </summary>
    private bool EnsureDestination(ReadOnlySpan<byte> data, int offset)
    {
        if (_server is not null || offset == data.Length)
        {
            return true;
        }

        if (data.Length - offset < MessageFramer.HeaderLength)
        {
            _held.Append(data[offset..]);
            return false;
        }

        switch (data[offset])
        {
            case FrontendCode.Terminate:
                return true;
            case FrontendCode.CopyData or FrontendCode.CopyDone or FrontendCode.CopyFail or FrontendCode.Flush:
                // Late pieces of a COPY that has failed; PostgreSQL ignores them outside COPY as well.
                _discarding = true;
                return true;
        }

        if (TryLink())
        {
            return true;
        }

        if (_state is SessionState.Waiting or SessionState.Active)
        {
            _held.Append(data[offset..]);
            _heldIsRequest = true;
        }

        return false;
    }

    private SessionEndReason? RefusalOf(byte type)
    {
        switch (type)
        {
            case FrontendCode.Query:
                if (Pool.Settings.Global.DisablePqexec)
                {
                    return SessionEndReason.SimpleQueryDisabled;
                }

                OnQueryBegins();
                break;
            case FrontendCode.Sync:
                _batch++;
                OnQueryBegins();
                break;
            case FrontendCode.FunctionCall or FrontendCode.Parse or FrontendCode.Bind:
                OnQueryBegins();
                break;
            case FrontendCode.Flush when _framer.BodyLength > 0:
                // PostgreSQL would answer it with an error and skip to the next Sync: more than the ledger can see.
                return SessionEndReason.BadMessage;
            case FrontendCode.Describe or FrontendCode.Execute or FrontendCode.Close or FrontendCode.Flush
                or FrontendCode.CopyData or FrontendCode.CopyDone or FrontendCode.CopyFail:
                break;
            default:
                return SessionEndReason.BadMessage;
        }

        bool noted = _ledger.ClientMessage(type);
        _hasPipelined |= _ledger.ExpectedReadyForQuery > 1;
        return noted ? null : SessionEndReason.TooManyRequests;
    }

    /// <summary>The buffer is used up: sends what is complete or under way, keeps an incomplete header.</summary>
    private void ForwardTail(ReadOnlySpan<byte> data, int forwarded, int start)
    {
        if (_framer.InHeader)
        {
            HoldBack(data, forwarded, start);
            return;
        }

        if (_collects)
        {
            Forward(data[forwarded..start]);
            _parse.Append(data[start..]);
        }
        else if (!_discarding)
        {
            Forward(data[forwarded..]);
        }

        SendAssembled();
        if (_state == SessionState.Active)
        {
            UnlinkIfDone();
        }
    }

    /// <summary>Sends what is complete and keeps the beginning of a message, to be presented again with what follows it.</summary>
    private void HoldBack(ReadOnlySpan<byte> data, int forwarded, int start)
    {
        if (data.Length - start > RelayBuffer.RequestSize)
        {
            // A name of such a length; there has to be room for what follows.
            EndBefore(data[forwarded..start], SessionEndReason.BadMessage);
            return;
        }

        Forward(data[forwarded..start]);
        SendAssembled();
        if (_state is SessionState.Idle or SessionState.Active)
        {
            _held.Append(data[start..]);
            _framer = new MessageFramer(_maximumMessage);
        }

        if (_state == SessionState.Active)
        {
            UnlinkIfDone();
        }
    }

    /// <summary>Keeps what may not go on before the server has taken what was sent.</summary>
    private void Keep(ReadOnlySpan<byte> rest)
    {
        _held.Append(rest);
        _heldIsRequest = !rest.IsEmpty;
    }

    private void SendAssembled()
    {
        if (_assembles && _server is { } server)
        {
            KeepRepeatable(server.Out.Span);
            FlushServer();
        }

        _assembles = false;
    }

    private void Forward(ReadOnlySpan<byte> requests)
    {
        if (requests.IsEmpty || _server is not { } server)
        {
            return;
        }

        RequestedAt = _now;
        if (server.Out.SendThrough(server.Transport, requests) is < 0 and not LoopSocket.WouldBlock)
        {
            OnServerBroken(server);
        }
    }

    /// <summary>Requests the server's socket did not take before. False: it still takes no more.</summary>
    private bool FlushServer()
    {
        ServerConnection server = _server!;
        if (server.Out.IsEmpty)
        {
            return true;
        }

        int result = server.Out.FlushTo(server.Transport);
        if (result is < 0 and not LoopSocket.WouldBlock)
        {
            OnServerBroken(server);
            return false;
        }

        return result == 0;
    }

    /// <summary>PostgreSQL takes no more: what it said last, up to the end of its stream, is read next.</summary>
    private static void OnServerBroken(ServerConnection server)
    {
        server.Out.Release();
        server.Readable = server.HungUp = true;
    }
}
