namespace Tigger.Tests.Fixtures;

/// <summary>Messages a client sends, as bytes.</summary>
public static class Frontend
{
    public const int Version30 = 3 << 16;
    public const int Version32 = (3 << 16) | 2;

    /// <summary>The version libpq sends to find out who cannot negotiate.</summary>
    public const int VersionGrease = (3 << 16) | 9999;

    private const int SslRequestCode = 80877103;
    private const int GssEncRequestCode = 80877104;
    private const int CancelRequestCode = 80877102;

    public static byte[] Sync { get; } = new WireWriter().Message('S');

    public static byte[] Flush { get; } = new WireWriter().Message('H');

    public static byte[] Terminate { get; } = new WireWriter().Message('X');

    public static byte[] CopyDone { get; } = new WireWriter().Message('c');

    public static byte[] SslRequest { get; } = new WireWriter().Int32(SslRequestCode).Startup();

    public static byte[] GssEncRequest { get; } = new WireWriter().Int32(GssEncRequestCode).Startup();

    public static byte[] Startup(IEnumerable<(string Name, string Value)> parameters, int version = Version30)
    {
        var writer = new WireWriter().Int32(version);
        foreach (var (name, value) in parameters)
            writer.Zero(name).Zero(value);
        return writer.Byte(0).Startup();
    }

    public static byte[] Cancel(int pid, ReadOnlySpan<byte> secret) =>
        new WireWriter().Int32(CancelRequestCode).Int32(pid).Bytes(secret).Startup();

    public static byte[] Query(string sql) => new WireWriter().Zero(sql).Message('Q');

    public static byte[] Password(string password) => new WireWriter().Zero(password).Message('p');

    public static byte[] Parse(string sql, string name = "") => new WireWriter().Zero(name).Zero(sql).Int16(0).Message('P');

    public static byte[] Bind(string statement = "", string portal = "", params string?[] values)
    {
        var writer = new WireWriter().Zero(portal).Zero(statement).Int16(0).Int16(values.Length);
        foreach (var value in values)
            writer.Value(value);
        return writer.Int16(0).Message('B');
    }

    public static byte[] DescribeStatement(string name = "") => new WireWriter().Byte('S').Zero(name).Message('D');

    public static byte[] DescribePortal(string name = "") => new WireWriter().Byte('P').Zero(name).Message('D');

    public static byte[] Execute(string portal = "", int rows = 0) => new WireWriter().Zero(portal).Int32(rows).Message('E');

    public static byte[] CloseStatement(string name) => new WireWriter().Byte('S').Zero(name).Message('C');

    public static byte[] ClosePortal(string name) => new WireWriter().Byte('P').Zero(name).Message('C');

    public static byte[] CopyData(ReadOnlySpan<byte> data) => new WireWriter().Bytes(data).Message('d');

    public static byte[] CopyFail(string reason) => new WireWriter().Zero(reason).Message('f');

    /// <summary>A FunctionCall with text arguments and a text result.</summary>
    public static byte[] FunctionCall(int oid, params string?[] values)
    {
        var writer = new WireWriter().Int32(oid).Int16(0).Int16(values.Length);
        foreach (var value in values)
            writer.Value(value);
        return writer.Int16(0).Message('F');
    }

    /// <summary>Parse, Bind, Execute of one unnamed statement, without Sync.</summary>
    public static byte[] Run(string sql, params string?[] values) => [.. Parse(sql), .. Bind(values: values), .. Execute()];

    /// <summary>The same, with results in binary: the only way to any byte in a row.</summary>
    public static byte[] RunBinary(string sql, params string?[] values)
    {
        var bind = new WireWriter().Zero("").Zero("").Int16(0).Int16(values.Length);
        foreach (var value in values)
            bind.Value(value);
        return [.. Parse(sql), .. bind.Int16(1).Int16(1).Message('B'), .. Execute()];
    }

    public static byte[] Concat(params IEnumerable<byte[]> messages)
    {
        var all = new MemoryStream();
        foreach (var message in messages)
            all.Write(message);
        return all.ToArray();
    }
}
