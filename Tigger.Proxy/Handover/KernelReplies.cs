using System.Text;
using Tigger.Kernel.Slots;
using Tigger.Mirroring;
using Tigger.Pooling;
using Tigger.Protocol;
using Tigger.Relay;

namespace Tigger.Handover;

/// <summary>
/// A mirror's replies where a program throws them away. From the socket C# reads those of a COPY, where it takes more than
/// counting to know what is owed, and what follows a message it has to know of.
/// </summary>
internal sealed class KernelReplies(KernelMirrors mirrors, ServerConnection server, int slot, ulong cookie)
    : IMirrorReplies, IReplySink, IDisposable
{
    /// <summary>An error whose SQLSTATE was cut into two segments.</summary>
    private const string UnknownState = "?????";

    private readonly SocketReplies _fromSocket = new(server);
    private MirrorReply _rest;
    private bool _isFromSocket;

    // At first, so that the first Begin changes it.
    private bool _isRead = true;

    public bool IsUnclear => _isFromSocket && _fromSocket.IsUnclear;

    public MirrorReply Reply => _isFromSocket ? _fromSocket.Reply : _isRead ? _rest : Counted;

    private ref MirrorSlot Slot => ref mirrors.Slot(slot);

    private MirrorReply Counted
    {
        get
        {
            ref MirrorSlot counted = ref Slot;
            string? state = !counted.Failed ? null : counted.Code[0] == 0 ? UnknownState : Encoding.ASCII.GetString(counted.Code);
            return new MirrorReply((int)counted.Ready, counted.Status, state, (long)counted.Time);
        }
    }

    public void Begin()
    {
        _fromSocket.Begin();
        if (_isFromSocket || _isRead)
        {
            server.Socket.Loop.WatchAllButInput(server.Socket);
        }

        _isFromSocket = _isRead = false;
        MirrorSlot.Begin(ref Slot);
    }

    public void Note(byte type, ReadOnlySpan<byte> body)
    {
        _fromSocket.Note(type, body);
        switch (type)
        {
            case FrontendCode.Query or FrontendCode.Sync or FrontendCode.FunctionCall:
                Slot.Expected++;
                break;
            case FrontendCode.CopyData or FrontendCode.CopyDone or FrontendCode.CopyFail when !_isFromSocket:
                _isFromSocket = true;
                MirrorSlot.Leave(ref Slot);
                server.Socket.Loop.Watch(server.Socket, everything: true);
                break;
        }
    }

    public bool TakeIn()
    {
        if (_isFromSocket)
        {
            return _fromSocket.TakeIn();
        }

        ref MirrorSlot counted = ref Slot;
        if (counted.IsBroken)
        {
            throw new InvalidDataException("the mirror broke the protocol");
        }

        if (!_isRead && !counted.IsWatched)
        {
            _isRead = true;
            _rest = Counted;
            server.Resume(counted.Frame);
            if (_rest.SqlState is not null)
            {
                server.Traces.Message(BackendCode.ErrorResponse);
            }

            server.Socket.Loop.Watch(server.Socket, everything: true);
        }

        if (_isRead)
        {
            return ReadRest();
        }

        bool isComplete = counted.Ready == counted.Expected && counted.IsAtBoundary;
        return isComplete || (server.HungUp && ReadRest());
    }

    /// <summary>The connection is to hear of what comes.</summary>
    public void Tell(MirrorConnection connection) => mirrors.Add(slot, connection);

    public void Dispose() => mirrors.Leave(slot, cookie);

    private bool ReadRest()
    {
        MirrorInput.TakeIn(server, this);
        return _rest.ReadyForQuery == Slot.Expected && MirrorInput.IsAtBoundary(server);
    }

    bool IReplySink.OnMessage(byte type) => BackendCode.IsKnown(type);

    bool IReplySink.OnWholeMessage(byte type, ReadOnlySpan<byte> body, int at) => MirrorInput.Note(ref _rest, server, type, body);
}
