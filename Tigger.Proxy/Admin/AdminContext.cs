using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Control;
using Tigger.Listening;
using Tigger.Pooling;
using Tigger.Sessions;

namespace Tigger.Admin;

/// <summary>What the console needs of the rest of the process; built once by the host.</summary>
public sealed class AdminContext(
    PoolerControl control, PoolRegistry registry, SessionTable sessions, StatsSampler sampler, TimeProvider clock, ILogger logger)
{
    /// <summary>The PgBouncer release whose console this is; tools compare it to know which columns to expect.</summary>
    public const string PgBouncerVersion = "1.25.2";

    /// <summary>Reads the configuration again; returns what is wrong with it. With an error among the faults nothing changed.</summary>
    public required Func<IReadOnlyList<ConfigFault>> Reload { get; init; }

    /// <summary>Puts a configuration in force that SET made; returns why not, null when done.</summary>
    public required Func<TiggerConfig, string?> Apply { get; init; }

    /// <summary>The other poolers of the group.</summary>
    public required PeerTable Peers { get; init; }

    /// <summary>Users with a secret of their own, for SHOW USERS; those with settings or connections are known anyway.</summary>
    public Func<IEnumerable<string>> UserNames { get; init; } = static () => [];

    /// <summary>The listening sockets.</summary>
    public Func<IEnumerable<(ListenEndpoint Endpoint, int Descriptor)>> Listeners { get; init; } = static () => [];

    /// <summary>Gives everything to the process that follows; false: it is being given to another.</summary>
    public Func<ClientConnection, CancellationToken, Task<bool>> TakeOver { get; init; } = static (_, _) => Task.FromResult(false);

    /// <summary>What that process says meanwhile.</summary>
    public Func<byte[], Task> TakeOverAnswered { get; init; } = static _ => Task.CompletedTask;

    /// <summary>The clients of the console itself.</summary>
    public AdminTable Admins { get; } = new();

    public PoolerControl Control { get; } = control;

    public PoolRegistry Registry { get; } = registry;

    public SessionTable Sessions { get; } = sessions;

    public StatsSampler Sampler { get; } = sampler;

    public TimeProvider Clock { get; } = clock;

    public TiggerConfig Config => Registry.Config;

    internal ILogger Logger { get; } = logger;

    /// <summary>Wall-clock time of a timestamp.</summary>
    public DateTimeOffset TimeOf(long timestamp) => Clock.GetUtcNow() - Clock.GetElapsedTime(timestamp);
}
