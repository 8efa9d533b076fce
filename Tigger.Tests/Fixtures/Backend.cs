namespace Tigger.Tests.Fixtures;

/// <summary>Messages a server sends, as bytes: the vocabulary of <see cref="FakePostgres"/> scripts.</summary>
public static class Backend
{
    public static byte[] AuthenticationOk { get; } = new WireWriter().Int32(0).Message('R');

    public static byte[] CopyBothResponse { get; } = new WireWriter().Byte(0).Int16(0).Message('W');

    public static byte[] EmptyQueryResponse { get; } = new WireWriter().Message('I');

    public static byte[] KeyData(int pid = 4711, int secret = 815) => new WireWriter().Int32(pid).Int32(secret).Message('K');

    public static byte[] ParameterStatus(string name, string value) => new WireWriter().Zero(name).Zero(value).Message('S');

    public static byte[] Ready(char status = 'I') => new WireWriter().Byte(status).Message('Z');

    public static byte[] Complete(string tag) => new WireWriter().Zero(tag).Message('C');

    public static byte[] RowDescription(params string[] columns)
    {
        const int TextOid = 25;
        var writer = new WireWriter().Int16(columns.Length);
        foreach (var column in columns)
            writer.Zero(column).Int32(0).Int16(0).Int32(TextOid).Int16(-1).Int32(-1).Int16(0);
        return writer.Message('T');
    }

    public static byte[] Row(params string?[] values)
    {
        var writer = new WireWriter().Int16(values.Length);
        foreach (var value in values)
            writer.Value(value);
        return writer.Message('D');
    }

    /// <summary>One text column, one row.</summary>
    public static byte[] Result(string value, char status = 'I') =>
        [.. RowDescription("v"), .. Row(value), .. Complete("SELECT 1"), .. Ready(status)];

    public static byte[] Error(string severity, string? sqlState, string message)
    {
        var writer = new WireWriter().Byte('S').Zero(severity);
        if (sqlState is not null)
            writer.Byte('C').Zero(sqlState);
        return writer.Byte('M').Zero(message).Byte(0).Message('E');
    }
}
