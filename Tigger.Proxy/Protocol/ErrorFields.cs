namespace Tigger.Protocol;

/// <summary>
/// What an ErrorResponse or NoticeResponse says (PostgreSQL: "Error and Notice Message Fields"). Fields a server left out have
/// defaults: a broken server must not break the pooler (CVE-2026-6666).
/// </summary>
/// <param name="Severity">ERROR, FATAL, PANIC, or a notice's level; not translated.</param>
/// <param name="SqlState">Five characters.</param>
/// <param name="Message">The primary message.</param>
public sealed record ErrorFields(string Severity, string SqlState, string Message)
{
    /// <summary>After FATAL and PANIC the backend closes the connection.</summary>
    public bool EndsConnection => Severity is "FATAL" or "PANIC";

    public static ErrorFields Parse(ReadOnlySpan<byte> body)
    {
        string? severity = null;
        string? translated = null;
        string? state = null;
        string? message = null;
        MessageReader reader = new(body);
        while (reader.TryByte(out byte field) && field != 0 && reader.TryCString(out string? value))
        {
            switch (field)
            {
                case (byte)'V':
                    severity = value;
                    break;
                case (byte)'S':
                    translated = value;
                    break;
                case (byte)'C':
                    state = value;
                    break;
                case (byte)'M':
                    message = value;
                    break;
            }
        }

        return new ErrorFields(severity ?? translated ?? "ERROR", state is { Length: 5 } ? state : "XX000", message ?? "unknown error");
    }
}
