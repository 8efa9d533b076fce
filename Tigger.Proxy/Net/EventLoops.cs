using Microsoft.Extensions.Logging;

namespace Tigger.Net;

/// <summary>The loops of the process; new connections are dealt out to them in turn.</summary>
public sealed class EventLoops : IDisposable
{
    private readonly EventLoop[] _loops;
    private uint _next;

    /// <param name="count">0 = one per core.</param>
    public EventLoops(int count, ILogger logger)
    {
        _loops = new EventLoop[count > 0 ? count : Environment.ProcessorCount];
        for (int i = 0; i < _loops.Length; i++)
        {
            _loops[i] = new EventLoop(i, logger);
        }
    }

    public int Count => _loops.Length;

    public EventLoop Next() => _loops[Interlocked.Increment(ref _next) % (uint)_loops.Length];

    public void Start()
    {
        foreach (EventLoop loop in _loops)
        {
            loop.Start();
        }
    }

    public void Dispose()
    {
        foreach (EventLoop loop in _loops)
        {
            loop.Dispose();
        }
    }
}
