using Microsoft.Extensions.Logging.Abstractions;
using Tigger.Net;

namespace Tigger.Tests.Net;

/// <summary>A running loop or two, and a bound on how long a lost wake-up can hold up the run.</summary>
public abstract class LoopTest : IDisposable
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));

    protected LoopTest()
    {
        First.Start();
        Second.Start();
    }

    protected EventLoop First { get; } = new(1, NullLogger.Instance);

    protected EventLoop Second { get; } = new(2, NullLogger.Instance);

    /// <summary>Cancelled only when something hangs.</summary>
    protected CancellationToken Limit => _limit.Token;

    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
        _limit.Dispose();
        GC.SuppressFinalize(this);
    }
}
