using System.Text;

namespace Tigger.Protocol;

/// <summary>
/// The fields of an ErrorResponse or NoticeResponse. Any may be missing, SQLSTATE included (PgBouncer's CVE-2026-6666
/// was a crash on that). Source: PostgreSQL documentation, section "Error and Notice Message Fields".
/// </summary>
public sealed class ErrorFields
{
    /// <summary>Severity, never translated ('V'), or the translated one ('S') of servers before 9.6.</summary>
    public string? Severity { get; private set; }

    /// <summary>SQLSTATE ('C'), five characters.</summary>
    public string? SqlState { get; private set; }

    public string? Message { get; private set; }

    public string? Detail { get; private set; }

    public string? Hint { get; private set; }

    /// <summary>Parses a body. Never throws: what follows a malformed field is left out.</summary>
    public static ErrorFields Parse(ReadOnlySpan<byte> body)
    {
        ErrorFields fields = new();
        MessageReader reader = new(body);
        while (reader.TryReadByte(out byte code) && code != 0 && reader.TryReadCString(out ReadOnlySpan<byte> value))
        {
            fields.Set(code, value);
        }

        return fields;
    }

    private void Set(byte code, ReadOnlySpan<byte> value)
    {
        switch ((char)code)
        {
            case 'V':
                Severity = Encoding.UTF8.GetString(value);
                break;
            case 'S':
                Severity ??= Encoding.UTF8.GetString(value);
                break;
            case 'C':
                SqlState = Encoding.UTF8.GetString(value);
                break;
            case 'M':
                Message = Encoding.UTF8.GetString(value);
                break;
            case 'D':
                Detail = Encoding.UTF8.GetString(value);
                break;
            case 'H':
                Hint = Encoding.UTF8.GetString(value);
                break;
        }
    }
}
