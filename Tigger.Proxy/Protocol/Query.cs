using System.Text;

namespace Tigger.Protocol;

/// <summary>Query ('Q'): the text of one or more statements, "Simple Query".</summary>
public static class Query
{
    public static void Write(MessageWriter writer, string sql)
    {
        writer.Begin(FrontendCode.Query);
        writer.WriteCString(sql);
        writer.End();
    }

    /// <returns>False if the body is not exactly one terminated string.</returns>
    public static bool TryParse(ReadOnlySpan<byte> body, out string sql)
    {
        MessageReader reader = new(body);
        bool valid = reader.TryReadCString(out ReadOnlySpan<byte> bytes) && reader.AtEnd;
        sql = valid ? Encoding.UTF8.GetString(bytes) : "";
        return valid;
    }
}
