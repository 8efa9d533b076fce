namespace Tigger.Protocol;

/// <summary>
/// Builds the Authentication messages ('R') and their answers ('p'). Parsing is in <see cref="AuthenticationParser"/>.
/// Source: PostgreSQL documentation, "Frontend/Backend Protocol", sections "Start-up" and "SASL Authentication".
/// </summary>
public static class AuthenticationMessages
{
    /// <summary>Bytes of the salt for md5.</summary>
    public const int Md5SaltLength = 4;

    private const int NoInitialResponse = -1;

    public static void WriteOk(MessageWriter writer) => WriteRequest(writer, AuthenticationCode.Ok, default);

    public static void WriteCleartextPassword(MessageWriter writer) =>
        WriteRequest(writer, AuthenticationCode.CleartextPassword, default);

    /// <exception cref="ArgumentException">The salt has not 4 bytes.</exception>
    public static void WriteMd5Password(MessageWriter writer, ReadOnlySpan<byte> salt)
    {
        if (salt.Length != Md5SaltLength)
        {
            throw new ArgumentException("The salt for md5 has 4 bytes.", nameof(salt));
        }

        WriteRequest(writer, AuthenticationCode.Md5Password, salt);
    }

    /// <summary>Offers SASL mechanisms, the preferred one first.</summary>
    public static void WriteSasl(MessageWriter writer, params ReadOnlySpan<string> mechanisms)
    {
        writer.Begin(BackendCode.Authentication);
        writer.WriteInt32((int)AuthenticationCode.Sasl);
        foreach (string mechanism in mechanisms)
        {
            writer.WriteCString(mechanism);
        }

        writer.WriteByte(0);
        writer.End();
    }

    public static void WriteSaslContinue(MessageWriter writer, ReadOnlySpan<byte> data) =>
        WriteRequest(writer, AuthenticationCode.SaslContinue, data);

    public static void WriteSaslFinal(MessageWriter writer, ReadOnlySpan<byte> data) =>
        WriteRequest(writer, AuthenticationCode.SaslFinal, data);

    /// <summary>PasswordMessage; for md5 the text is <c>md5</c> and 32 hexadecimal digits.</summary>
    public static void WritePassword(MessageWriter writer, ReadOnlySpan<byte> password)
    {
        writer.Begin(FrontendCode.Password);
        writer.WriteCString(password);
        writer.End();
    }

    /// <summary>SASLInitialResponse with the client's first message.</summary>
    public static void WriteSaslInitialResponse(MessageWriter writer, string mechanism, ReadOnlySpan<byte> response)
    {
        BeginSaslInitialResponse(writer, mechanism, response.Length);
        writer.WriteBytes(response);
        writer.End();
    }

    /// <summary>SASLInitialResponse that only chooses the mechanism.</summary>
    public static void WriteSaslInitialResponse(MessageWriter writer, string mechanism)
    {
        BeginSaslInitialResponse(writer, mechanism, NoInitialResponse);
        writer.End();
    }

    public static void WriteSaslResponse(MessageWriter writer, ReadOnlySpan<byte> response)
    {
        writer.Begin(FrontendCode.Password);
        writer.WriteBytes(response);
        writer.End();
    }

    private static void BeginSaslInitialResponse(MessageWriter writer, string mechanism, int responseLength)
    {
        writer.Begin(FrontendCode.Password);
        writer.WriteCString(mechanism);
        writer.WriteInt32(responseLength);
    }

    private static void WriteRequest(MessageWriter writer, AuthenticationCode code, ReadOnlySpan<byte> data)
    {
        writer.Begin(BackendCode.Authentication);
        writer.WriteInt32((int)code);
        writer.WriteBytes(data);
        writer.End();
    }
}
