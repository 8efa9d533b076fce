namespace Tigger.Protocol;

/// <summary>NoticeResponse ('N'): the fields of an ErrorResponse, but nothing has failed.</summary>
public static class NoticeResponse
{
    /// <param name="severity">NOTICE, WARNING, INFO, LOG or DEBUG.</param>
    /// <param name="sqlState">Five characters, e.g. 00000.</param>
    public static void Write(MessageWriter writer, string severity, string sqlState, string message) =>
        ErrorResponse.WriteFields(writer, BackendCode.NoticeResponse, new ErrorResponse(severity, sqlState, message));
}
