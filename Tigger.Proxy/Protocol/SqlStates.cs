namespace Tigger.Protocol;

/// <summary>SQLSTATE codes Tigger itself gives (PostgreSQL: "PostgreSQL Error Codes").</summary>
public static class SqlStates
{
    /// <summary>Protocol violation; PgBouncer gives it to nearly all its own errors, and clients match on it.</summary>
    public const string ProtocolViolation = "08P01";
    public const string ConnectionFailure = "08006";
    public const string InvalidPassword = "28P01";
    public const string InvalidAuthorization = "28000";
    public const string InvalidParameterValue = "22023";
    public const string UnknownDatabase = "3D000";
    public const string QueryCanceled = "57014";
    public const string AdminShutdown = "57P01";
    public const string ProgramLimitExceeded = "54000";
    public const string FeatureNotSupported = "0A000";
    public const string UnknownStatement = "26000";
}
