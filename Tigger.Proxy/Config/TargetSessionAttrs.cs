namespace Tigger.Config;

/// <summary>Which servers of a host list a database may use (<c>target_session_attrs</c>), in libpq's words and meaning.</summary>
public enum TargetSessionAttrs
{
    Any,

    /// <summary>Transactions may write by default: no standby, and not <c>default_transaction_read_only</c>.</summary>
    ReadWrite,

    /// <summary>The contrary of <see cref="ReadWrite"/>.</summary>
    ReadOnly,

    /// <summary>Not in recovery.</summary>
    Primary,

    /// <summary>In recovery.</summary>
    Standby,

    /// <summary>A standby; any server while there is none.</summary>
    PreferStandby,
}
