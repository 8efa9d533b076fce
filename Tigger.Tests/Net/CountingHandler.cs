using System.Collections.Concurrent;
using Tigger.Net;

namespace Tigger.Tests.Net;

/// <summary>Writes down the events of a socket, and does what the test wants at each.</summary>
internal sealed class CountingHandler(Action<SocketEvents>? action = null) : ISocketHandler
{
    public ConcurrentQueue<SocketEvents> Events { get; } = new();

    public int CountOf(SocketEvents wanted) => Events.Count(events => (events & wanted) != 0);

    public void OnReady(SocketEvents events)
    {
        Events.Enqueue(events);
        action?.Invoke(events);
    }
}
