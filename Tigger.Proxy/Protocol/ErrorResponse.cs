namespace Tigger.Protocol;

/// <summary>
/// ErrorResponse ('E') as Tigger sends it: a named constructor per error. The texts are those PgBouncer's users match on,
/// and SQLSTATE is as there 08P01 (protocol_violation) unless said otherwise.
/// Source: PostgreSQL documentation, "Frontend/Backend Protocol", section "Error and Notice Message Fields".
/// </summary>
/// <param name="Severity">FATAL if the connection ends, else ERROR.</param>
/// <param name="SqlState">Five characters.</param>
/// <param name="Message">One line.</param>
/// <param name="Detail">More about the fault, if any.</param>
/// <param name="Hint">What to do about it, if anything.</param>
public sealed record ErrorResponse(string Severity, string SqlState, string Message, string? Detail = null, string? Hint = null)
{
    public const string ProtocolViolationState = "08P01";
    public const string FatalSeverity = "FATAL";
    public const string ErrorSeverity = "ERROR";

    public static ErrorResponse TooManyClients { get; } = Fatal("no more connections allowed (max_client_conn)");

    public static ErrorResponse DatabaseClientsExceeded { get; } = Fatal("client connections exceeded (max_db_client_connections)");

    public static ErrorResponse UserClientsExceeded { get; } = Fatal("client connections exceeded (max_user_client_connections)");

    public static ErrorResponse QueryWaitTimeout { get; } = Fatal("query_wait_timeout");

    public static ErrorResponse QueryTimeout { get; } = Fatal("query_timeout");

    public static ErrorResponse ClientLoginTimeout { get; } = Fatal("client_login_timeout");

    public static ErrorResponse ClientLoginTimeoutServerDown { get; } = Fatal("client_login_timeout (server down)");

    public static ErrorResponse ShuttingDown { get; } = Fatal("pooler is shutting down");

    public static ErrorResponse SslRequired { get; } = Fatal("SSL required");

    public static ErrorResponse NotAllowed { get; } = Fatal("not allowed");

    public static ErrorResponse PasswordAuthenticationFailed { get; } = Fatal("password authentication failed");

    public static ErrorResponse NoSuchUser { get; } = Fatal("no such user");

    /// <summary>A simple query where <c>disable_pqexec</c> forbids it.</summary>
    public static ErrorResponse PqexecDisallowed { get; } = Fatal("PQexec disallowed");

    /// <param name="cachedError">The message of the server's last login failure.</param>
    public static ErrorResponse ServerLoginFailing(string cachedError) =>
        Fatal($"server login has been failing, cached error: {cachedError} (server_login_retry)");

    public static ErrorResponse UnsupportedStartupParameter(string name) => Fatal($"unsupported startup parameter: {name}");

    public static ErrorResponse UnsupportedStartupParameterInOptions(string piece) =>
        Fatal($"unsupported startup parameter in options: {piece}");

    public static ErrorResponse NoSuchDatabase(string name) => Fatal($"no such database: {name}");

    /// <summary>The client broke the protocol; the connection ends.</summary>
    public static ErrorResponse ProtocolViolation(string message) => Fatal(message);

    /// <summary>A command of the admin console failed; the connection goes on.</summary>
    public static ErrorResponse CommandFailed(string message) => new(ErrorSeverity, ProtocolViolationState, message);

    /// <summary>Any other error that ends the connection.</summary>
    public static ErrorResponse Fatal(string message, string sqlState = ProtocolViolationState) =>
        new(FatalSeverity, sqlState, message);

    /// <summary>Passes on what a server said on a failed login; what it left out is filled in.</summary>
    public static ErrorResponse FromServer(ErrorFields fields) => new(
        FatalSeverity,
        fields.SqlState ?? ProtocolViolationState,
        fields.Message ?? "server login failed",
        fields.Detail,
        fields.Hint);

    public void Write(MessageWriter writer) => WriteFields(writer, BackendCode.ErrorResponse, this);

    internal static void WriteFields(MessageWriter writer, byte type, ErrorResponse error)
    {
        writer.Begin(type);
        WriteField(writer, 'S', error.Severity);
        WriteField(writer, 'V', error.Severity);
        WriteField(writer, 'C', error.SqlState);
        WriteField(writer, 'M', error.Message);
        WriteField(writer, 'D', error.Detail);
        WriteField(writer, 'H', error.Hint);
        writer.WriteByte(0);
        writer.End();
    }

    private static void WriteField(MessageWriter writer, char code, string? value)
    {
        if (value is not null)
        {
            writer.WriteByte((byte)code);
            writer.WriteCString(value);
        }
    }
}
