using System.Diagnostics.CodeAnalysis;

namespace Tigger.Protocol;

/// <summary>ParameterStatus: the server reports the value of one parameter.</summary>
public static class ParameterStatus
{
    /// <summary>False when a string is not terminated.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> body, [NotNullWhen(true)] out string? name, [NotNullWhen(true)] out string? value)
    {
        MessageReader reader = new(body);
        value = null;
        return reader.TryCString(out name) && reader.TryCString(out value);
    }

    public static MessageWriter Write(MessageWriter writer, string name, string value) =>
        writer.Begin(BackendCode.ParameterStatus).CString(name).CString(value).End();
}
