namespace Tigger.Protocol;

/// <summary>Builds ErrorResponse and NoticeResponse messages.</summary>
public static class ErrorResponse
{
    /// <summary>An error after which the connection is closed.</summary>
    public static byte[] Fatal(string sqlState, string message) =>
        Build(BackendCode.ErrorResponse, "FATAL", sqlState, message);

    /// <summary>An error of one statement.</summary>
    public static byte[] Error(string sqlState, string message) =>
        Build(BackendCode.ErrorResponse, "ERROR", sqlState, message);

    public static byte[] Notice(string message) => Build(BackendCode.NoticeResponse, "NOTICE", "00000", message);

    private static byte[] Build(byte type, string severity, string sqlState, string message) =>
        new MessageWriter().Begin(type)
            .Byte((byte)'S').CString(severity)
            .Byte((byte)'V').CString(severity)
            .Byte((byte)'C').CString(sqlState)
            .Byte((byte)'M').CString(message)
            .Byte(0).End().ToArray();
}
