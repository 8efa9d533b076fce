using System.Net;
using System.Net.Sockets;

namespace Tigger.Net;

/// <summary>
/// Addresses of host names, kept for a time. The system's resolver tells no TTL, so that time is a setting, as in PgBouncer where
/// it is built without c-ares.
/// </summary>
public sealed class DnsCache(TimeProvider clock, Func<string, Task<IPAddress[]>> lookup)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DnsName> _names = new(StringComparer.OrdinalIgnoreCase);

    public DnsCache(TimeProvider clock)
        : this(clock, static name => Dns.GetHostAddressesAsync(name))
    {
    }

    /// <summary>How long an answer is used (<c>dns_max_ttl</c>), and how long a failure (<c>dns_nxdomain_ttl</c>).</summary>
    public (TimeSpan Found, TimeSpan NotFound) Ttl { get; set; }

    /// <summary>Told of addresses that a name no longer has. Called without a lock.</summary>
    public Action<string, IReadOnlyCollection<IPAddress>>? AddressesGone { get; set; }

    /// <summary>The names asked for so far.</summary>
    public IReadOnlyList<DnsEntry> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _names.Values.Select(Describe).OrderBy(entry => entry.Name, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>The name's addresses, each time beginning with another one.</summary>
    /// <exception cref="SocketException">It has none, or nobody can say.</exception>
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string name, CancellationToken cancellation)
    {
        Task<IPAddress[]> answer;
        int turn;
        lock (_lock)
        {
            if (!_names.TryGetValue(name, out DnsName? known))
            {
                _names[name] = known = new DnsName(name);
            }

            if (known.Answer is null || (known.Answer.IsCompleted && clock.GetTimestamp() >= known.ValidUntil))
            {
                known.Answer = LookUpAsync(known);
            }

            (answer, turn) = (known.Answer, known.Turn++);
        }

        IPAddress[] addresses = await answer.WaitAsync(cancellation);
        int first = (int)((uint)turn % (uint)addresses.Length);
        return [.. addresses[first..], .. addresses[..first]];
    }

    /// <summary>Looks all names up again, whatever their age. Never throws: a failure is kept like any other.</summary>
    public async Task RefreshAsync()
    {
        List<Task> lookups = [];
        lock (_lock)
        {
            foreach (DnsName known in _names.Values.Where(known => known.Answer is { IsCompleted: true }))
            {
                lookups.Add(known.Answer = LookUpAsync(known));
            }
        }

        await Task.WhenAll(lookups).ContinueWith(static all => _ = all.Exception, TaskScheduler.Default);
    }

    /// <summary>One lookup for all who ask meanwhile; nobody's patience ends it for the others.</summary>
    private async Task<IPAddress[]> LookUpAsync(DnsName known)
    {
        // Off the caller's thread, who holds the lock.
        await Task.Yield();
        try
        {
            IPAddress[] found = await lookup(known.Name);
            if (found.Length == 0)
            {
                throw new SocketException((int)SocketError.HostNotFound);
            }

            IPAddress[] gone;
            lock (_lock)
            {
                gone = [.. known.Addresses.Except(found)];
                known.Addresses = found;
                known.ValidUntil = In(Ttl.Found);
            }

            if (gone.Length > 0)
            {
                AddressesGone?.Invoke(known.Name, gone);
            }

            return found;
        }
        catch (SocketException)
        {
            // A failure tells nothing about servers that are connected.
            lock (_lock)
            {
                known.ValidUntil = In(Ttl.NotFound);
            }

            throw;
        }
    }

    private long In(TimeSpan time) => clock.GetTimestamp() + (long)(time.TotalSeconds * clock.TimestampFrequency);

    private DnsEntry Describe(DnsName known)
    {
        long now = clock.GetTimestamp();
        bool failed = known.Answer is { IsFaulted: true };
        return new DnsEntry(
            known.Name, known.ValidUntil > now ? clock.GetElapsedTime(now, known.ValidUntil) : TimeSpan.Zero, failed ? [] : known.Addresses);
    }

    /// <summary>What is known of one name; guarded by the cache's lock.</summary>
    private sealed class DnsName(string name)
    {
        public string Name { get; } = name;

        /// <summary>The lookup under way or the last one.</summary>
        public Task<IPAddress[]>? Answer { get; set; }

        public long ValidUntil { get; set; }

        /// <summary>Of the last lookup that succeeded.</summary>
        public IPAddress[] Addresses { get; set; } = [];

        public int Turn { get; set; }
    }
}
