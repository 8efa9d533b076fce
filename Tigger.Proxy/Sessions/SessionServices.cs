using Microsoft.Extensions.Logging;
using Tigger.Auth;
using Tigger.Config;
using Tigger.Pooling;
using Tigger.Tls;

namespace Tigger.Sessions;

/// <summary>What a login needs of the rest of the process; built once by the host.</summary>
public sealed record SessionServices(
    PoolRegistry Registry, SessionTable Sessions, CancelRouter Cancels, TimeProvider Clock, ILogger Logger)
{
    /// <summary>Users and secrets in force; replaced by a reload.</summary>
    public required Func<CredentialStore> Credentials { get; init; }

    /// <summary>Finds users in the credentials or by auth_query.</summary>
    internal UserLookup Users { get; init; } = null!;

    /// <summary>Runs checks by PAM and LDAP.</summary>
    internal PasswordChecks Checks { get; init; } = null!;

    /// <summary>Does what takes time in proofs.</summary>
    internal ProofQueue Proofs { get; init; } = null!;

    /// <summary>TLS in force; replaced by a reload.</summary>
    public Func<TlsContexts> Tls { get; init; } = static () => TlsContexts.None;

    /// <summary>Serves a client of the admin console until it leaves.</summary>
    public required Func<ClientConnection, string, AdminLevel, CancellationToken, Task> ServeAdmin { get; init; }

    public TiggerConfig Config => Registry.Config;
}
