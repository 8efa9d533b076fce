using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>The administrator of the cross-talk test: pauses, reloads and reconnects, which no client may notice but by waiting.</summary>
internal sealed class CrossTalkDisturber(TiggerProcess pooler, int mostServers)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Random _random = new(0);

    /// <summary>Goes on until the work is done; returns how often it disturbed.</summary>
    internal async Task<int> RunAsync(Task work)
    {
        await using var console = await pooler.AdminAsync();
        for (var times = 0; ; times++)
        {
            await Task.WhenAny(work, Task.Delay(Interval));
            if (work.IsCompleted)
                return times;
            switch (_random.Next(4))
            {
                case 0:
                    await console.DoAsync("PAUSE");
                    await console.DoAsync("RESUME");
                    break;
                case 1:
                    await console.DoAsync($"RECONNECT {PoolerTest.Database}");
                    break;
                default:
                    pooler.Config.Set("default_pool_size", mostServers - _random.Next(3));
                    pooler.WriteConfig();
                    await console.DoAsync("RELOAD");
                    break;
            }
        }
    }
}
