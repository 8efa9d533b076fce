using Tigger.Auth;
using Tigger.Pooling;
using Tigger.Sessions;
using Tigger.Tests.Control;

namespace Tigger.Tests.Sessions;

public sealed class AuthQueryCacheTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly AuthQueryRow Alice = new("alice", UserSecret.Parse("secret"));

    private readonly ManualClock _clock = new();
    private readonly AuthQueryCache _cache;

    public AuthQueryCacheTests() => _cache = new AuthQueryCache(_clock);

    [Fact]
    public async Task Find_Answer_IsKeptForAWhile()
    {
        Assert.Null(_cache.Find(Key("alice"), Patience));
        Assert.Same(Alice, await _cache.AskAsync(Key("alice"), () => Task.FromResult<AuthQueryRow?>(Alice)));
        Assert.Same(Alice, _cache.Find(Key("alice"), Patience));
        Assert.Null(_cache.Find(Key("bob"), Patience));
        Assert.Null(_cache.Find(Key("alice"), TimeSpan.Zero));
        _clock.Advance(Patience);
        Assert.Null(_cache.Find(Key("alice"), Patience));
    }

    [Fact]
    public async Task AskAsync_UnknownUserOrFailure_LeavesNothingBehind()
    {
        Assert.Null(await _cache.AskAsync(Key("nobody"), () => Task.FromResult<AuthQueryRow?>(null)));
        await Assert.ThrowsAsync<AuthQueryException>(() => _cache.AskAsync(Key("alice"), () => throw new AuthQueryException("no")));
        await Eventually(() => _cache.Count == 0);
    }

    [Fact]
    public async Task AskAsync_ThoseWhoComeDuringARun_ShareTheNextOne()
    {
        TaskCompletionSource<AuthQueryRow?> first = new();
        TaskCompletionSource began = new();
        int runs = 0;
        Task<AuthQueryRow?> Run()
        {
            began.TrySetResult();
            return Interlocked.Increment(ref runs) == 1 ? first.Task : Task.FromResult<AuthQueryRow?>(Alice);
        }

        Task<AuthQueryRow?> early = _cache.AskAsync(Key("alice"), Run);
        await began.Task;
        Task<AuthQueryRow?>[] late = [.. Enumerable.Range(0, 50).Select(_ => _cache.AskAsync(Key("alice"), Run))];
        AuthQueryRow old = new("alice", UserSecret.Parse("old"));
        first.SetResult(old);
        Assert.Same(old, await early);
        Assert.All(await Task.WhenAll(late), row => Assert.Same(Alice, row));
        Assert.Equal(2, runs);
        Assert.Same(Alice, _cache.Find(Key("alice"), Patience));
    }

    [Fact]
    public async Task AskAsync_ManyUsers_KeepsABoundedNumber()
    {
        for (int i = 0; i < AuthQueryCache.MaximumAnswers * 2; i++)
        {
            await _cache.AskAsync(Key($"user{i}"), () => Task.FromResult<AuthQueryRow?>(Alice));
        }

        Assert.InRange(_cache.Count, 1, AuthQueryCache.MaximumAnswers + 1);
    }

    private static AuthQueryKey Key(string user) => new("db", "auth", "SELECT", user);

    private static Task Eventually(Func<bool> condition) => Fixtures.Eventually.TrueAsync(condition, "nothing is kept");
}
