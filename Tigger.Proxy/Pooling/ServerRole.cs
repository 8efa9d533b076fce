using Tigger.Config;

namespace Tigger.Pooling;

/// <summary>What a PostgreSQL server is at the moment of a login.</summary>
/// <param name="InRecovery">A standby (<c>in_hot_standby</c>).</param>
/// <param name="ReadOnly">Transactions cannot write unless they say so, and on a standby not at all.</param>
internal readonly record struct ServerRole(bool InRecovery, bool ReadOnly)
{
    /// <summary>Why it is not what is wanted, in libpq's words; null when it is.</summary>
    public string? Misfit(TargetSessionAttrs wanted) => wanted switch
    {
        TargetSessionAttrs.ReadWrite when ReadOnly => "session is read-only",
        TargetSessionAttrs.ReadOnly when !ReadOnly => "session is not read-only",
        TargetSessionAttrs.Primary when InRecovery => "server is in hot standby mode",
        TargetSessionAttrs.Standby when !InRecovery => "server is not in hot standby mode",
        _ => null,
    };
}
