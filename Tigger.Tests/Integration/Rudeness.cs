using System.Text;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>What a broken or hostile client says, made from a seed.</summary>
internal static class Rudeness
{
    /// <summary>Number of <see cref="Opening"/> manners, so that each can be asked for in turn.</summary>
    public const int Openings = 12;

    private const string FrontendTypes = "QPBDECHSFXpdcf";

    /// <summary>First bytes on a connection: anything but a login that ends well.</summary>
    public static byte[] Opening(int manner, Random random) => manner switch
    {
        0 => [],
        1 => Noise(random, 1, 7),
        2 => Noise(random, 8, 300),
        3 => Noise(random, 20_000, 70_000),
        4 => new WireWriter().Int32(int.MaxValue).Int32(Frontend.Version30).Bytes(Noise(random, 0, 50)).Message('\0')[5..],
        5 => new WireWriter().Int32(random.Next(-20, 8)).Bytes(Noise(random, 0, 50)).Message('\0')[5..],
        6 => Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: tigger\r\n\r\n"),
        7 => [.. Frontend.SslRequest, .. Noise(random, 1, 100)],
        8 => Cut(Frontend.Startup([("user", Roles.Superuser), ("database", PoolerTest.Database)]), random),
        9 => Frontend.Startup([("user", Roles.Superuser), ("database", $"no{random.Next()}")], random.Next()),
        10 => new WireWriter().Int32(Frontend.Version30).Bytes(Noise(random, 0, 200)).Startup(),
        _ => Frontend.Cancel(random.Next(), Noise(random, 0, 64)),
    };

    /// <summary>A few messages after the login: real and invented types, lengths that fit or lie, honest queries between them.</summary>
    public static byte[] Session(Random random)
    {
        var bytes = new List<byte>();
        if (random.Next(2) == 0)
            bytes.AddRange(Frontend.Query("BEGIN"));
        for (var count = random.Next(1, 6); count > 0; count--)
            bytes.AddRange(Message(random));
        return [.. bytes];
    }

    private static byte[] Message(Random random) => random.Next(8) switch
    {
        0 => Frontend.Query("SELECT 1"),
        1 => [.. Frontend.Run("SELECT $1::text", "x"), .. random.Next(2) == 0 ? Frontend.Sync : Frontend.Flush],
        2 => new WireWriter().Bytes(Noise(random, 0, 200)).Message((char)random.Next(256)),
        3 => Frontend.Query("COPY pg_class FROM STDIN"),
        4 => [(byte)Type(random), .. new WireWriter().Int32(random.Next(2) == 0 ? random.Next(int.MinValue, 4) : int.MaxValue).Message('\0')[5..]],
        5 => Cut(new WireWriter().Bytes(Noise(random, 0, 5000)).Message(Type(random)), random),
        _ => new WireWriter().Bytes(Noise(random, 0, 100)).Message(Type(random)),
    };

    private static char Type(Random random) => FrontendTypes[random.Next(FrontendTypes.Length)];

    private static byte[] Cut(byte[] whole, Random random) => whole[..random.Next(1, whole.Length)];

    private static byte[] Noise(Random random, int least, int most)
    {
        var bytes = new byte[random.Next(least, most + 1)];
        random.NextBytes(bytes);
        return bytes;
    }
}
