namespace Tigger.Telemetry;

/// <summary>How the login of a client ended.</summary>
public enum LoginOutcome
{
    Succeeded,

    /// <summary>It was told why it may not log in.</summary>
    Refused,

    /// <summary><c>client_login_timeout</c> ran out.</summary>
    Timeout,

    /// <summary>It does not speak PostgreSQL's protocol.</summary>
    Invalid,

    /// <summary>The connection broke, or the client closed it.</summary>
    Abandoned,
}
