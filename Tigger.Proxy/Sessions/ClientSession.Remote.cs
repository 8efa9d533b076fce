using System.Buffers;
using Microsoft.Extensions.Logging;
using Tigger.Kernel.Calls;
using Tigger.Kernel.Interop;
using Tigger.Net;
using Tigger.Relay;

namespace Tigger.Sessions;

/// <summary>A client on another host: the kernel works on our own end of its connection.</summary>
public sealed partial class ClientSession
{
    // Our end of its connection can be in the kernel's map, and is when the cookie is not 0.
    private bool _isRemote;
    private ulong _remoteCookie;

    // It has sent a request before the one before was answered, since this was last looked at.
    private bool _hasPipelined;

    private RemotePlace Place =>
        !_isRemote ? RemotePlace.NotClient : Pool.HasRemoteServers ? RemotePlace.BothEnds : RemotePlace.ClientOnly;

    /// <summary>Bytes may come in pieces that are not read in one.</summary>
    private bool IsInMap => _isLocal || _remoteCookie != 0;

    /// <summary>
    /// Puts our end of a remote client's connection into the kernel's map, with everything read that arrived before. Called with
    /// the answer to the client's last request in hand: till it has that it says nothing, unless it pipelines.
    /// </summary>
    /// <returns>
    /// False: more has arrived meanwhile than can be had in one read. It takes a client that begins to pipeline, and sends that
    /// much, within microseconds.
    /// </returns>
    private bool EnterBeforeTheAnswer()
    {
        if (!_isRemote || IsInMap || !_ledger.IsQuiet || !IsAtRest || !Pool.MayUseKernel || Table.IsDraining || Table.IsMoving)
        {
            return true;
        }

        if (_hasPipelined)
        {
            // It may be sending right now; the kernel would not serve it anyway.
            _hasPipelined = false;
            return true;
        }

        ulong cookie = Socket.Cookie;
        try
        {
            _kernel!.Path.EnterRemote(Socket.Descriptor, cookie, Slot, Place);
        }
        catch (BpfException fault)
        {
            // One of those that the kernel leaves alone.
            _isRemote = false;
            LogNotEntered(Logger, Id, fault.Summary);
            return true;
        }

        _remoteCookie = cookie;
        _edgesUnknown = true;
        Socket.DeferMissed(SocketEvents.Readable);

        // The thread's own buffer holds the answer.
        byte[] buffer = ArrayPool<byte>.Shared.Rent(RelayBuffer.Size);
        int arrived = Socket.Peek(buffer.AsSpan(0, RelayBuffer.Size));
        ArrayPool<byte>.Shared.Return(buffer);
        return arrived < RelayBuffer.Size;
    }

    /// <summary>
    /// Each segment would wake the loop for nothing, and the programs tell of those that they pass up. What came just before
    /// they had the client they have passed up too, without a word.
    /// </summary>
    private void LeaveItToThePrograms()
    {
        Socket.Loop.Watch(Socket, everything: false);
        if (Socket.HasUnread)
        {
            TakeBack();
            Socket.Defer();
        }
    }

    /// <summary>
    /// Whether what the server says now proves that all it was sent has arrived. Of a remote client's requests the last may be on
    /// its way still.
    /// </summary>
    private bool ProvesArrival => !_isRemote || _ledger.ExpectedReadyForQuery <= 1;

    [LoggerMessage(2030, LogLevel.Warning, "C-{Client}: stays on the user data path: {Reason}")]
    private static partial void LogNotEntered(ILogger logger, long client, string reason);
}
