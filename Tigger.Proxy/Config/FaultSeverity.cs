namespace Tigger.Config;

/// <summary>Whether a fault stops the configuration from being used.</summary>
public enum FaultSeverity
{
    /// <summary>The configuration is refused.</summary>
    Error,

    /// <summary>The configuration works, but hardly as meant; PgBouncer accepts it too.</summary>
    Warning,
}
