namespace Tigger.Config;

/// <summary>Form of log lines.</summary>
public enum LogFormat
{
    /// <summary>As PgBouncer writes them.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}
