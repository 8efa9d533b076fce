namespace Tigger.Config;

/// <summary>Longest names PgBouncer keeps, in bytes of UTF-8 without the terminating zero of its C arrays.</summary>
public static class Limits
{
    /// <summary>PgBouncer's <c>char[64]</c>.</summary>
    public const int DatabaseNameBytes = 63;

    /// <summary>PgBouncer's <c>char[128]</c>.</summary>
    public const int UserNameBytes = 127;

    /// <summary>Longest password or secret.</summary>
    public const int PasswordBytes = 65531;

    /// <summary>Largest peer id; it travels in 14 bits of the cancel key.</summary>
    public const int PeerId = 16383;

    /// <summary>Name of the admin console, which no configured database may take.</summary>
    public const string AdminDatabase = "pgbouncer";

    /// <summary>Name of the fallback entry of <c>databases</c>.</summary>
    public const string FallbackDatabase = "*";
}
