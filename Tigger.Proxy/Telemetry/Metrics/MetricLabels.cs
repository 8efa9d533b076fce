namespace Tigger.Telemetry.Metrics;

/// <summary>Names of attributes: OpenTelemetry's where it has one.</summary>
public static class MetricLabels
{
    /// <summary>The database as clients name it.</summary>
    public const string Database = "db.namespace";

    /// <summary>The user a pool's clients log in as.</summary>
    public const string User = "user.name";

    /// <summary>Database and user of a pool in one, as OpenTelemetry wants it for <c>db.client.connection.*</c>.</summary>
    public const string Pool = "db.client.connection.pool.name";

    /// <summary><c>idle</c> or <c>used</c>.</summary>
    public const string ConnectionState = "db.client.connection.state";

    /// <summary>The state of a client or server, one of the words of SHOW CLIENTS and SHOW SERVERS.</summary>
    public const string State = "tigger.state";

    /// <summary><c>kernel</c> or <c>user</c>: who moved the bytes.</summary>
    public const string DataPath = "tigger.data_path";

    /// <summary><c>receive</c> (from clients) or <c>transmit</c> (to clients).</summary>
    public const string Direction = "network.io.direction";

    /// <summary>How a client had to prove who it is; <c>none</c> when it did not come so far.</summary>
    public const string Method = "tigger.auth_method";

    public const string Outcome = "tigger.outcome";

    public const string Reason = "tigger.reason";

    /// <summary><c>client</c> or <c>server</c>.</summary>
    public const string Side = "tigger.side";

    /// <summary>The first two characters of an SQLSTATE.</summary>
    public const string SqlStateClass = "tigger.sqlstate_class";

    /// <summary><c>tigger</c> or <c>postgresql</c>: whose error it is.</summary>
    public const string Origin = "tigger.origin";

    /// <summary>A program of the kernel path.</summary>
    public const string ProgramName = "tigger.program";

    /// <summary>A mirror, by the name it has in the configuration.</summary>
    public const string Mirror = "tigger.mirror";

    public const string ProductVersion = "service.version";
}
