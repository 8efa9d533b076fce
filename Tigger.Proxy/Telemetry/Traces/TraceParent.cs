using System.Diagnostics;
using System.Text;

namespace Tigger.Telemetry.Traces;

/// <summary>
/// The trace that an application says a statement belongs to, in a comment before or behind it
/// (https://google.github.io/sqlcommenter/spec/): <c>/*traceparent='00-…-…-01',tracestate='…'*/</c>.
/// </summary>
internal static class TraceParent
{
    private static ReadOnlySpan<byte> Blanks => " \t\r\n\f\v"u8;

    /// <param name="sql">The statement.</param>
    /// <param name="context">The span it is a part of.</param>
    /// <returns>False: it does not say, or says what cannot be.</returns>
    public static bool TryFind(ReadOnlySpan<byte> sql, out ActivityContext context) =>
        TryRead(Leading(sql), out context) || TryRead(Trailing(sql), out context);

    private static ReadOnlySpan<byte> Leading(ReadOnlySpan<byte> sql)
    {
        ReadOnlySpan<byte> text = sql.TrimStart(Blanks);
        int end = text.StartsWith("/*"u8) ? text.IndexOf("*/"u8) : -1;
        return end < 0 ? [] : text[2..end];
    }

    private static ReadOnlySpan<byte> Trailing(ReadOnlySpan<byte> sql)
    {
        ReadOnlySpan<byte> text = sql.TrimEnd(" \t\r\n\f\v;"u8);
        int start = text.EndsWith("*/"u8) ? text.LastIndexOf("/*"u8) : -1;
        return start < 0 || start + 4 > text.Length ? [] : text[(start + 2)..^2];
    }

    private static bool TryRead(ReadOnlySpan<byte> comment, out ActivityContext context)
    {
        context = default;
        return Value(comment, "traceparent='"u8) is { Length: > 0 } parent
            && ActivityContext.TryParse(parent, Value(comment, "tracestate='"u8), isRemote: true, out context);
    }

    /// <summary>Values are URL-encoded; a quote in one would be %27.</summary>
    private static string? Value(ReadOnlySpan<byte> comment, ReadOnlySpan<byte> key)
    {
        int start = comment.IndexOf(key);
        if (start < 0)
        {
            return null;
        }

        ReadOnlySpan<byte> rest = comment[(start + key.Length)..];
        int end = rest.IndexOf((byte)'\'');
        return end < 0 ? null : Uri.UnescapeDataString(Encoding.UTF8.GetString(rest[..end]));
    }
}
