using System.Net;
using System.Net.Sockets;
using Tigger.Net;
using Tigger.Tests.Control;

namespace Tigger.Tests.Net;

public sealed class DnsCacheTests
{
    private const string Name = "shop.test";

    private static readonly IPAddress First = IPAddress.Parse("192.0.2.1"), Second = IPAddress.Parse("192.0.2.2");

    private readonly ManualClock _clock = new();
    private readonly DnsCache _cache;
    private IPAddress[] _answer = [First];
    private Task? _delay;
    private int _lookups;

    public DnsCacheTests()
    {
        _cache = new DnsCache(_clock, LookUpAsync) { Ttl = (TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(5)) };
    }

    [Fact]
    public async Task ResolveAsync_WithinTheTtl_AsksOnce()
    {
        await ResolveAsync();
        _clock.Advance(TimeSpan.FromSeconds(14));
        await ResolveAsync();
        Assert.Equal(1, _lookups);
        Assert.Equal(TimeSpan.FromSeconds(1), Assert.Single(_cache.Entries).Ttl);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _answer = [Second];
        Assert.Equal([Second], await ResolveAsync());
    }

    [Fact]
    public async Task ResolveAsync_Failure_IsKeptForItsOwnTime()
    {
        _answer = [];
        await Assert.ThrowsAsync<SocketException>(ResolveAsync);
        _answer = [First];
        await Assert.ThrowsAsync<SocketException>(ResolveAsync);
        Assert.Empty(Assert.Single(_cache.Entries).Addresses);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([First], await ResolveAsync());
        Assert.Equal(2, _lookups);
    }

    [Fact]
    public async Task ResolveAsync_SeveralAtOnce_ShareOneLookupAndNoPatience()
    {
        TaskCompletionSource gate = new();
        _delay = gate.Task;
        using CancellationTokenSource patience = new();
        Task<IReadOnlyList<IPAddress>> hasty = _cache.ResolveAsync(Name, patience.Token);
        Task<IReadOnlyList<IPAddress>> patient = ResolveAsync();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hasty);
        gate.SetResult();
        Assert.Equal([First], await patient);
        Assert.Equal(1, _lookups);
    }

    [Fact]
    public async Task ResolveAsync_SeveralAddresses_BeginsWithEachInTurn()
    {
        _answer = [First, Second];
        Assert.Equal([First, Second], await ResolveAsync());
        Assert.Equal([Second, First], await ResolveAsync());
        Assert.Equal([First, Second], await ResolveAsync());
    }

    [Fact]
    public async Task AddressesGone_ByAnotherAnswerOnly_IsTold()
    {
        List<IPAddress> gone = [];
        _cache.AddressesGone = (_, addresses) => gone.AddRange(addresses);
        await ResolveAsync();
        _answer = [];
        await _cache.RefreshAsync();
        _answer = [First, Second];
        await _cache.RefreshAsync();
        Assert.Empty(gone);
        _answer = [Second];
        await _cache.RefreshAsync();
        Assert.Equal([First], gone);
    }

    private Task<IReadOnlyList<IPAddress>> ResolveAsync() => _cache.ResolveAsync(Name, CancellationToken.None);

    private async Task<IPAddress[]> LookUpAsync(string name)
    {
        Assert.Equal(Name, name);
        _lookups++;
        if (_delay is not null)
        {
            await _delay;
        }

        return _answer;
    }
}
