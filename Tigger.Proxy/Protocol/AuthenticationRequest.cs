namespace Tigger.Protocol;

/// <summary>The kinds of Authentication message (R) and how Tigger builds those it sends to clients.</summary>
public static class AuthenticationRequest
{
    public const int Ok = 0;
    public const int CleartextPassword = 3;
    public const int Md5Password = 5;
    public const int Sasl = 10;
    public const int SaslContinue = 11;
    public const int SaslFinal = 12;

    public static byte[] Build(int kind, ReadOnlySpan<byte> data = default) =>
        new MessageWriter().Begin(BackendCode.Authentication).Int32(kind).Bytes(data).End().ToArray();

    /// <summary>Offers SCRAM-SHA-256, and the same with channel binding first where there is a channel to bind to.</summary>
    public static byte[] BuildSasl(bool withBinding)
    {
        MessageWriter writer = new MessageWriter().Begin(BackendCode.Authentication).Int32(Sasl);
        if (withBinding)
        {
            writer.CString(ScramPlusMechanism);
        }

        return writer.CString(ScramMechanism).Byte(0).End().ToArray();
    }

    public const string ScramMechanism = "SCRAM-SHA-256";

    /// <summary>With channel binding (RFC 5802, section 6).</summary>
    public const string ScramPlusMechanism = "SCRAM-SHA-256-PLUS";
}
