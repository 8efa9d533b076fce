namespace Tigger.Protocol;

/// <summary>
/// Type bytes of the messages a client sends. Source: PostgreSQL documentation, "Frontend/Backend Protocol",
/// section "Message Formats". Startup-family packets have no type byte; see <see cref="StartupPacket"/>.
/// </summary>
public static class FrontendCode
{
    public const byte Query = (byte)'Q';
    public const byte Parse = (byte)'P';
    public const byte Bind = (byte)'B';
    public const byte Execute = (byte)'E';
    public const byte Describe = (byte)'D';
    public const byte Close = (byte)'C';
    public const byte Flush = (byte)'H';
    public const byte Sync = (byte)'S';
    public const byte FunctionCall = (byte)'F';
    public const byte CopyData = (byte)'d';
    public const byte CopyDone = (byte)'c';
    public const byte CopyFail = (byte)'f';

    /// <summary>PasswordMessage, SASLInitialResponse, SASLResponse and GSSResponse share this byte; context tells them apart.</summary>
    public const byte Password = (byte)'p';

    public const byte Terminate = (byte)'X';
}
