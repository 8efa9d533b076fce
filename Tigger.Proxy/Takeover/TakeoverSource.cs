using Tigger.Control;
using Tigger.Listening;
using Tigger.Net;
using Tigger.Protocol;
using Tigger.Sessions;

namespace Tigger.Takeover;

/// <summary>
/// The process that ends: answers TAKEOVER, the console's command for the process that follows, with all it has. One row for each
/// client, and the descriptors with it; the first row is the listeners.
/// </summary>
/// <param name="control">Brings the clients.</param>
/// <param name="clientKeyOf">The key that a user's clients have proved.</param>
internal sealed class TakeoverSource(PoolerControl control, Func<string, byte[]?> clientKeyOf)
{
    private int _isBusy;

    /// <summary>Stops accepting and gives the listening sockets out.</summary>
    public required Func<IReadOnlyList<(ListenEndpoint Endpoint, int Descriptor)>> TakeListeners { get; init; }

    /// <summary>The process that was to follow is gone: takes them back.</summary>
    public required Action<IReadOnlyList<(ListenEndpoint Endpoint, int Descriptor)>> RestoreListeners { get; init; }

    /// <summary>Logins under way.</summary>
    public required Func<int> Logins { get; init; }

    /// <summary>Gives all away. False: another process is being served.</summary>
    /// <exception cref="IOException">The connection broke; clients that are left stay, and new ones are accepted.</exception>
    /// <exception cref="OperationCanceledException">The same.</exception>
    public async Task<bool> RunAsync(ClientConnection successor, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _isBusy, 1) == 1)
        {
            return false;
        }

        DescriptorTransport transport = new(successor.Stream.Connection.Socket);
        successor.Stream.Connection.Transport = transport;
        IReadOnlyList<(ListenEndpoint Endpoint, int Descriptor)> listeners = TakeListeners();
        try
        {
            MovedRow first = new() { Listeners = [.. listeners.Select(one => new MovedListener(one.Endpoint.IsInherited))] };
            await SendAsync(first, [.. listeners.Select(one => one.Descriptor)]);
            await control.MoveAwayAsync(GiveAsync, Logins, clientKeyOf, cancellation);
        }
        catch
        {
            RestoreListeners(listeners);
            _isBusy = 0;
            throw;
        }

        foreach ((_, int descriptor) in listeners)
        {
            SocketFactory.Close(descriptor);
        }

        return true;

        async Task GiveAsync(MovedClient client, int[] descriptors)
        {
            try
            {
                await SendAsync(new MovedRow { Client = client }, descriptors);
            }
            finally
            {
                Array.ForEach(descriptors, SocketFactory.Close);
            }
        }

        async Task SendAsync(MovedRow row, int[] descriptors)
        {
            byte[] json = row.ToJson();
            MessageWriter message = new();
            message.Begin(BackendCode.DataRow).Int16(1).Int32(json.Length).Bytes(json).End();
            transport.Attach(descriptors);
            await successor.Stream.SendAsync(message.ToArray(), cancellation);
        }
    }
}
