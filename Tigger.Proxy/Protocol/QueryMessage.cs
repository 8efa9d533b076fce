namespace Tigger.Protocol;

/// <summary>Query (frontend): a simple query.</summary>
public static class QueryMessage
{
    public static byte[] Build(string sql) => new MessageWriter().Begin(FrontendCode.Query).CString(sql).End().ToArray();
}
