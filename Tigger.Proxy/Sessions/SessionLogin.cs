using System.Net;
using Tigger.Pooling;

namespace Tigger.Sessions;

/// <summary>What is known of a client once it has logged in.</summary>
public sealed record SessionLogin
{
    public required long Id { get; init; }

    public required SessionTable Table { get; init; }

    public required ServerPool Pool { get; init; }

    public required DatabaseState Database { get; init; }

    public required UserState User { get; init; }

    /// <summary>Null for unix sockets.</summary>
    public required IPEndPoint? Remote { get; init; }

    public required IPEndPoint? Local { get; init; }

    public required ParameterProfile Parameters { get; init; }

    /// <summary>What it asked for in its startup packet.</summary>
    public required SessionStartup Startup { get; init; }

    /// <summary>As the client gave it at login.</summary>
    public required string ApplicationName { get; init; }

    /// <summary>Other than none: it has a server of its own, and its bytes are passed on unread.</summary>
    public ReplicationMode Replication { get; init; }

    public required CancelKey CancelKey { get; init; }

    /// <summary>It logged in at the process before this one, see online restart.</summary>
    public bool IsMoved { get; init; }

    /// <summary>Version and cipher of its TLS, as SHOW CLIENTS has them; empty: none.</summary>
    public string Tls { get; init; } = "";

    /// <summary>Timestamp and wall clock of the accept.</summary>
    public required long ConnectedAt { get; init; }

    public required DateTimeOffset ConnectedTime { get; init; }

    /// <summary>database/user@address, as PgBouncer's log lines have it.</summary>
    public string Description => $"{Database.Name}/{User.Name}@{Remote?.ToString() ?? "unix"}";
}
