using System.Collections.Concurrent;

namespace Tigger.Tests.Fixtures;

/// <summary>
/// Starts every process from one thread that lives as long as the test host. PR_SET_PDEATHSIG fires when the *thread*
/// that forked dies, so a pool thread going idle would kill our servers.
/// </summary>
internal static class Spawner
{
    private static readonly BlockingCollection<Action> Work = [];

    static Spawner()
    {
        var thread = new Thread(() =>
        {
            foreach (var action in Work.GetConsumingEnumerable())
                action();
        })
        { IsBackground = true, Name = "spawner" };
        thread.Start();
    }

    internal static T Run<T>(Func<T> start)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                done.SetResult(start());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }
}
