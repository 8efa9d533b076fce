using System.Threading.Channels;
using Tigger.Config;
using Tigger.Net;

namespace Tigger.Sessions;

/// <summary>The cancel requests on their way to one peer: at most <c>pool_size</c> at once, the others wait their turn.</summary>
public sealed class PeerPool(PeerConfig peer, int size)
{
    // One item for each request under way: a semaphore that nobody has to dispose of.
    private readonly Channel<bool> _underWay = Channel.CreateBounded<bool>(size);
    private readonly int[] _requests = new int[Enum.GetValues<Stage>().Length];

    private enum Stage
    {
        Waiting,
        Connecting,
        Active,
    }

    public PeerConfig Peer { get; } = peer;

    /// <summary>Requests that may be under way at once.</summary>
    public int Size { get; } = size;

    /// <summary>Requests that wait for their turn or for the connection.</summary>
    public int Waiting => Count(Stage.Waiting) + Connecting;

    /// <summary>Connections being opened.</summary>
    public int Connecting => Count(Stage.Connecting);

    /// <summary>Requests sent that the peer has not dealt with yet.</summary>
    public int Active => Count(Stage.Active);

    /// <summary>Connects and sends, when it is its turn, and returns when the peer has dealt with it.</summary>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    internal async Task ForwardAsync(
        Func<Task<MessageStream>> connect, Func<MessageStream, Task> deliver, CancellationToken cancellation)
    {
        using Request request = new(_requests);
        await _underWay.Writer.WriteAsync(true, cancellation);
        try
        {
            request.MoveTo(Stage.Connecting);
            MessageStream stream = await connect();
            request.MoveTo(Stage.Active);
            await deliver(stream);
        }
        finally
        {
            _underWay.Reader.TryRead(out _);
        }
    }

    private int Count(Stage stage) => Volatile.Read(ref _requests[(int)stage]);

    /// <summary>Counts one request where it is.</summary>
    private sealed class Request : IDisposable
    {
        private readonly int[] _counts;
        private Stage _stage = Stage.Waiting;

        public Request(int[] counts)
        {
            _counts = counts;
            Interlocked.Increment(ref _counts[(int)_stage]);
        }

        public void MoveTo(Stage stage)
        {
            Interlocked.Increment(ref _counts[(int)stage]);
            Interlocked.Decrement(ref _counts[(int)_stage]);
            _stage = stage;
        }

        public void Dispose() => Interlocked.Decrement(ref _counts[(int)_stage]);
    }
}
