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

    /// <summary>Offers SCRAM-SHA-256 as the only mechanism.</summary>
    public static byte[] BuildSasl() => new MessageWriter().Begin(BackendCode.Authentication)
        .Int32(Sasl).CString(ScramMechanism).Byte(0).End().ToArray();

    public const string ScramMechanism = "SCRAM-SHA-256";
}
