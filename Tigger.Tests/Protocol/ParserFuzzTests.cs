using System.Text;
using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

/// <summary>Seeded random bytes and mutated good messages: every parser answers, none throws.</summary>
public sealed class ParserFuzzTests
{
    [Fact]
    public void Parsers_RandomBytes_NeverThrow()
    {
        Random random = new(6664);
        byte[][] good = [.. GoldenCapture.Names().SelectMany(row => GoldenCapture.Read(row.Data)).Select(line => line.Bytes)];
        for (int i = 0; i < 60_000; i++)
        {
            byte[] data = i % 3 == 0 ? RandomBytes(random) : Mutate(random, good[random.Next(good.Length)]);
            ParseAll(data);
            ParseAll(data.AsSpan(Math.Min(data.Length, MessageFramer.HeaderLength)));
        }
    }

    private static byte[] RandomBytes(Random random)
    {
        byte[] data = new byte[random.Next(64)];
        random.NextBytes(data);
        return data;
    }

    private static byte[] Mutate(Random random, byte[] good)
    {
        byte[] data = good[..random.Next(good.Length + 1)];
        for (int i = random.Next(4); i > 0 && data.Length > 0; i--)
        {
            data[random.Next(data.Length)] = (byte)(random.Next(3) * 0x7f + random.Next(2));
        }

        return data;
    }

    private static void ParseAll(ReadOnlySpan<byte> data)
    {
        StartupParseResult result = StartupPacket.Parse(data, out int consumed, out StartupPacket? packet);
        Assert.Equal(result == StartupParseResult.Parsed, packet is not null);
        Assert.InRange(consumed, 0, data.Length);
        Assert.NotNull(StartupPacket.Describe(result, data));
        _ = StartupOptions.TryParse(Encoding.Latin1.GetString(data), out _, out _);
        ErrorResponse.FromServer(ErrorFields.Parse(data)).Write(new MessageWriter());
        _ = AuthenticationParser.TryParseRequest(data, out _, out ReadOnlySpan<byte> rest);
        _ = AuthenticationParser.TryParseMechanisms(rest, out _);
        _ = AuthenticationParser.TryParsePassword(data, out _);
        _ = AuthenticationParser.TryParseSaslInitialResponse(data, out _, out _);
        _ = AuthenticationParser.TryParseSaslResponse(data, out _);
        _ = BackendKeyData.TryParse(data, out _, out _);
        _ = CommandComplete.TryParse(data, out _);
        _ = NegotiateProtocolVersion.TryParse(data, out _, out _);
        _ = ParameterStatus.TryParse(data, out _, out _);
        _ = Query.TryParse(data, out _);
        _ = ReadyForQuery.TryParse(data, out _);
    }
}
