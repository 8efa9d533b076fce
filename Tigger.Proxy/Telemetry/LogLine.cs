using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tigger.Telemetry;

/// <summary>The two forms of a log line (<c>log_format</c>).</summary>
internal static class LogLine
{
    /// <summary>What the compiler adds to the fields: the message with the fields' names in it.</summary>
    private const string Template = "{OriginalFormat}";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>As PgBouncer writes it: time, process, level, text.</summary>
    public static string Text(in LogEntry entry, DateTimeOffset now)
    {
        string time = now.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        return $"{time} UTC [{Environment.ProcessId}] {entry.Word} {entry.FullText}";
    }

    /// <summary>One JSON object: time, pid, level, event, message, then the values in the message by name.</summary>
    public static string Json(in LogEntry entry, DateTimeOffset now)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", now.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteNumber("pid", Environment.ProcessId);
            json.WriteString("level", entry.Word);
            json.WriteNumber("event", entry.Event.Id);
            json.WriteString("message", entry.Text);
            WriteFields(json, entry);
            if (entry.Fault is { } fault)
            {
                json.WriteString("fault", fault.ToString());
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private static void WriteFields(Utf8JsonWriter json, in LogEntry entry)
    {
        if (entry.Fields is not { Count: > 1 } fields)
        {
            return;
        }

        json.WriteStartObject("fields");
        foreach ((string name, object? value) in fields.Where(field => field.Key != Template))
        {
            json.WritePropertyName(JsonNamingPolicy.SnakeCaseLower.ConvertName(name));
            switch (value)
            {
                case int or long or uint or ulong or short or byte:
                    json.WriteNumberValue(Convert.ToDecimal(value, CultureInfo.InvariantCulture));
                    break;
                case bool flag:
                    json.WriteBooleanValue(flag);
                    break;
                default:
                    json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                    break;
            }
        }

        json.WriteEndObject();
    }
}
