using Microsoft.Extensions.Logging;

namespace Tigger.Net;

/// <summary>The loops of the process; new connections are dealt out to them in turn.</summary>
public sealed class EventLoops : IDisposable
{
    private readonly EventLoop[] _loops;
    private readonly long[] _turns;
    private uint _next;

    /// <param name="count">0 = one per core.</param>
    public EventLoops(int count, ILogger logger)
    {
        _loops = new EventLoop[count > 0 ? count : Environment.ProcessorCount];
        for (int i = 0; i < _loops.Length; i++)
        {
            _loops[i] = new EventLoop(i, logger);
        }

        _turns = new long[_loops.Length];
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

    /// <summary>Whether every loop has had a turn since the last call, which asked them to. One caller.</summary>
    internal bool HaveTurned()
    {
        bool all = true;
        for (int i = 0; i < _loops.Length; i++)
        {
            long turns = _loops[i].Turns;
            all &= turns != _turns[i];
            _turns[i] = turns;
            _loops[i].WakeUp();
        }

        return all;
    }

    public void Dispose()
    {
        foreach (EventLoop loop in _loops)
        {
            loop.Dispose();
        }
    }
}
