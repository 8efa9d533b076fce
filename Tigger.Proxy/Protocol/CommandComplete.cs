using System.Text;

namespace Tigger.Protocol;

/// <summary>CommandComplete ('C' from the server): the command tag, e.g. <c>SELECT 3</c>.</summary>
public static class CommandComplete
{
    public static void Write(MessageWriter writer, string tag)
    {
        writer.Begin(BackendCode.CommandComplete);
        writer.WriteCString(tag);
        writer.End();
    }

    /// <returns>False if the body is not exactly one terminated string.</returns>
    public static bool TryParse(ReadOnlySpan<byte> body, out string tag)
    {
        MessageReader reader = new(body);
        bool valid = reader.TryReadCString(out ReadOnlySpan<byte> bytes) && reader.AtEnd;
        tag = valid ? Encoding.UTF8.GetString(bytes) : "";
        return valid;
    }
}
