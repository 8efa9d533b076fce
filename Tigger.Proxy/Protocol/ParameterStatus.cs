using System.Text;

namespace Tigger.Protocol;

/// <summary>ParameterStatus ('S' from the server): name and value of a setting, each a terminated string.</summary>
public static class ParameterStatus
{
    public static void Write(MessageWriter writer, string name, string value)
    {
        writer.Begin(BackendCode.ParameterStatus);
        writer.WriteCString(name);
        writer.WriteCString(value);
        writer.End();
    }

    /// <returns>False if the body is not exactly two terminated strings, the first of them not empty.</returns>
    public static bool TryParse(ReadOnlySpan<byte> body, out string name, out string value)
    {
        name = value = "";
        MessageReader reader = new(body);
        if (!reader.TryReadCString(out ReadOnlySpan<byte> nameBytes) || nameBytes.IsEmpty
            || !reader.TryReadCString(out ReadOnlySpan<byte> valueBytes) || !reader.AtEnd)
        {
            return false;
        }

        name = Encoding.UTF8.GetString(nameBytes);
        value = Encoding.UTF8.GetString(valueBytes);
        return true;
    }
}
