namespace Tigger.Protocol;

/// <summary>The frontend messages with type <c>p</c>.</summary>
public static class PasswordMessage
{
    /// <summary>Longest password or SASL message read from a client, in bytes.</summary>
    public const int MaximumLength = 64 * 1024;

    public static byte[] Build(string password) =>
        new MessageWriter().Begin(FrontendCode.Password).CString(password).End().ToArray();

    public static byte[] BuildSaslInitial(string mechanism, ReadOnlySpan<byte> data) =>
        new MessageWriter().Begin(FrontendCode.Password).CString(mechanism).Int32(data.Length).Bytes(data).End().ToArray();

    public static byte[] BuildSasl(ReadOnlySpan<byte> data) =>
        new MessageWriter().Begin(FrontendCode.Password).Bytes(data).End().ToArray();

    /// <summary>Splits a SASLInitialResponse; false when it is malformed or carries no data.</summary>
    public static bool TryParseSaslInitial(ReadOnlySpan<byte> body, out string mechanism, out ReadOnlySpan<byte> data)
    {
        mechanism = "";
        data = default;
        MessageReader reader = new(body);
        if (!reader.TryCString(out string? name) || !reader.TryInt32(out int length)
            || !reader.TryBytes(length, out ReadOnlySpan<byte> all) || !reader.Rest.IsEmpty)
        {
            return false;
        }

        mechanism = name;
        data = all;
        return true;
    }
}
