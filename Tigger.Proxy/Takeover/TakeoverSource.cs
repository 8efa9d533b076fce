using System.Collections.Concurrent;
using Tigger.Control;
using Tigger.Listening;
using Tigger.Net;
using Tigger.Protocol;
using Tigger.Sessions;

namespace Tigger.Takeover;

/// <summary>
/// The process that ends: answers TAKEOVER, the console's command for the process that follows, with all it has. One row for each
/// client, and the descriptors with it; the first row is the listeners. It keeps each client's descriptors until the other has
/// answered that all is ready for it, so that nobody is lost with a process that dies in the middle.
/// </summary>
/// <param name="control">Brings the clients.</param>
/// <param name="clientKeyOf">The key that a user's clients have proved.</param>
internal sealed class TakeoverSource(PoolerControl control, Func<string, byte[]?> clientKeyOf) : IDisposable
{
    private readonly ConcurrentDictionary<long, (MovedClient Client, int[] Descriptors)> _given = new();

    // A row and its descriptors are one send; answers come while others are given.
    private readonly SemaphoreSlim _sending = new(1);
    private Func<MovedRow, int[], Task>? _send;
    private long _lastNumber;
    private int _isBusy;

    /// <summary>Stops accepting and gives the listening sockets out.</summary>
    public required Func<IReadOnlyList<(ListenEndpoint Endpoint, int Descriptor)>> TakeListeners { get; init; }

    /// <summary>The process that was to follow is gone: takes them back.</summary>
    public required Action<IReadOnlyList<(ListenEndpoint Endpoint, int Descriptor)>> RestoreListeners { get; init; }

    /// <summary>The same, with a client it had not taken yet and its descriptors.</summary>
    public required Action<MovedClient, int[]> Restore { get; init; }

    /// <summary>Logins under way.</summary>
    public required Func<int> Logins { get; init; }

    /// <summary>The process with this id has everything now.</summary>
    public required Action<int> Followed { get; init; }

    /// <summary>Gives all away. False: another process is being served.</summary>
    /// <exception cref="IOException">The connection broke; clients that are left stay, and new ones are accepted.</exception>
    /// <exception cref="OperationCanceledException">The same.</exception>
    public async Task<bool> RunAsync(ClientConnection successor, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _isBusy, 1) == 1)
        {
            return false;
        }

        LoopSocket socket = successor.Stream.Connection.Socket;
        DescriptorTransport transport = new(socket);
        successor.Stream.Connection.Transport = transport;
        _send = SendAsync;
        int? follower = UnixPeer.ProcessId(socket.Descriptor);
        IReadOnlyList<(ListenEndpoint Endpoint, int Descriptor)> listeners = TakeListeners();
        try
        {
            MovedRow first = new() { Listeners = [.. listeners.Select(one => new MovedListener(one.Endpoint.IsInherited))] };
            await SendAsync(first, [.. listeners.Select(one => one.Descriptor)]);
            await control.MoveAwayAsync(GiveAsync, () => Logins() + _given.Count, clientKeyOf, cancellation);
        }
        catch
        {
            // First: whoever is told "released" from now on is so.
            _send = null;
            RestoreListeners(listeners);
            TakeBack(Restore);
            _isBusy = 0;
            throw;
        }

        // Left over when there was a time limit.
        TakeBack((_, descriptors) => Array.ForEach(descriptors, SocketFactory.Close));
        foreach ((_, int descriptor) in listeners)
        {
            SocketFactory.Close(descriptor);
        }

        if (follower is { } process)
        {
            Followed(process);
        }

        return true;

        async Task SendAsync(MovedRow row, int[] descriptors)
        {
            byte[] json = row.ToJson();
            MessageWriter message = new();
            message.Begin(BackendCode.DataRow).Int16(1).Int32(json.Length).Bytes(json).End();
            await _sending.WaitAsync(cancellation);
            try
            {
                transport.Attach(descriptors);
                await successor.Stream.SendAsync(message.ToArray(), cancellation);
            }
            finally
            {
                _sending.Release();
            }
        }
    }

    /// <summary>What the other process says while it is given clients: it is ready for one of them.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task AnsweredAsync(byte[] answer)
    {
        if (_send is { } send && MovedRow.NumberOf(answer) is { } number && _given.TryRemove(number, out (MovedClient Client, int[] Descriptors) given))
        {
            try
            {
                await send(new MovedRow { Released = number }, []);
            }
            catch
            {
                _given[number] = given;
                if (_send is null)
                {
                    TakeBack(Restore);
                }

                throw;
            }

            Array.ForEach(given.Descriptors, SocketFactory.Close);
        }
    }

    public void Dispose() => _sending.Dispose();

    private async Task GiveAsync(MovedClient client, int[] descriptors)
    {
        long number = ++_lastNumber;
        _given[number] = (client, descriptors);
        await _send!(new MovedRow { Client = client, Number = number }, descriptors);
    }

    private void TakeBack(Action<MovedClient, int[]> restore)
    {
        foreach (long number in _given.Keys)
        {
            if (_given.TryRemove(number, out (MovedClient Client, int[] Descriptors) kept))
            {
                restore(kept.Client, kept.Descriptors);
            }
        }
    }
}
