using System.Diagnostics;

namespace Tigger.Tests.Fixtures;

/// <summary>Polls a condition until it holds; the only way tests here wait for something to happen.</summary>
public static class Eventually
{
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? deadline = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, deadline);

    public static Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? deadline = null) =>
        TrueAsync(condition, () => what, deadline);

    /// <summary>The same; what is missing is described when it is known to be missing.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what, TimeSpan? deadline = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > (deadline ?? DefaultDeadline))
                Assert.Fail($"did not happen in {watch.Elapsed.TotalSeconds:0.0} s: {what()}");
            await Task.Delay(Interval);
        }
    }

    public static async Task EqualAsync<T>(T expected, Func<Task<T>> actual, string what, TimeSpan? deadline = null)
    {
        var last = default(T);
        var watch = Stopwatch.StartNew();
        while (true)
        {
            last = await actual();
            if (EqualityComparer<T>.Default.Equals(expected, last))
                return;
            if (watch.Elapsed > (deadline ?? DefaultDeadline))
                Assert.Fail($"{what}: expected {expected}, still {last} after {watch.Elapsed.TotalSeconds:0.0} s");
            await Task.Delay(Interval);
        }
    }
}
