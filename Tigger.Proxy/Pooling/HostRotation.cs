using System.Net;
using Tigger.Config;

namespace Tigger.Pooling;

/// <summary>Which host of a list a pool's next server connection tries first, and which addresses are left alone for a while.</summary>
internal sealed class HostRotation(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<EndPoint, (int Failures, long RetryAt)> _failing = [];
    private int _turn;

    /// <summary>The positions of <paramref name="count"/> hosts in the order in which to try them.</summary>
    public IReadOnlyList<int> Order(int count, LoadBalanceHosts balancing)
    {
        lock (_lock)
        {
            int first = _turn % count;
            _turn = balancing == LoadBalanceHosts.RoundRobin ? first + 1 : first;
            return [.. Enumerable.Range(first, count).Select(position => position % count)];
        }
    }

    /// <summary>Whether it failed a moment ago: others come first.</summary>
    public bool IsResting(EndPoint address)
    {
        lock (_lock)
        {
            return _failing.TryGetValue(address, out (int Failures, long RetryAt) known) && clock.GetTimestamp() < known.RetryAt;
        }
    }

    /// <summary>No server could be had from the host at that position: the next connection begins with the one behind it.</summary>
    public void Failed(int position, EndPoint address, TimeSpan longestRest)
    {
        lock (_lock)
        {
            int failures = _failing.GetValueOrDefault(address).Failures;
            _failing[address] = (failures + 1, BackOff.Until(clock, failures, longestRest));
            if (_turn == position)
            {
                _turn = position + 1;
            }
        }
    }

    public void Worked(EndPoint address)
    {
        lock (_lock)
        {
            _failing.Remove(address);
        }
    }

    /// <summary>Forgets addresses that a name no longer has.</summary>
    public void Forget(Func<EndPoint, bool> which)
    {
        lock (_lock)
        {
            foreach (EndPoint address in _failing.Keys.Where(which).ToList())
            {
                _failing.Remove(address);
            }
        }
    }
}
