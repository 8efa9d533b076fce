using System.Text;
using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

public sealed class StartupPacketTests
{
    [Fact]
    public void Parse_Startup_SplitsParametersFromProtocolOptions()
    {
        MessageWriter writer = new();
        StartupMessages.WriteStartup(
            writer, StartupMessages.Version32, [new("user", "ann"), new("_pq_.x", "1"), new("options", ""), new("user", "änne")]);
        StartupPacket packet = Parsed(writer.Written);

        Assert.Equal((StartupPacketKind.Startup, 2), (packet.Kind, packet.MinorVersion));
        Assert.Equal(["user", "options", "user"], packet.Parameters.Select(p => p.Key));
        Assert.Equal([new("_pq_.x", "1")], packet.ProtocolOptions);
        Assert.Equal(("änne", "änne", ""), (packet.User, packet.Database, packet.Find("options")));
        Assert.Null(packet.Find("database"));
    }

    [Fact]
    public void Parse_Requests_GivesTheirKind()
    {
        MessageWriter writer = new();
        StartupMessages.WriteSslRequest(writer);
        Assert.Equal(StartupPacketKind.SslRequest, Parsed(writer.Written).Kind);
        Assert.Equal(StartupPacketKind.GssEncRequest, Parsed([0, 0, 0, 8, 4, 210, 22, 48]).Kind);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(32)]
    [InlineData(256)]
    public void Parse_CancelRequest_KeepsTheKey(int keyLength)
    {
        byte[] key = [.. Enumerable.Range(0, keyLength).Select(i => (byte)i)];
        MessageWriter writer = new();
        StartupMessages.WriteCancelRequest(writer, -5, key);
        StartupPacket packet = Parsed(writer.Written);
        Assert.Equal((StartupPacketKind.CancelRequest, -5), (packet.Kind, packet.CancelProcessId));
        Assert.Equal(key, packet.CancelKey);
    }

    [Theory]
    [InlineData("00000007", StartupParseResult.BadLength, "invalid length of startup packet")]
    [InlineData("00002715", StartupParseResult.BadLength, "invalid length of startup packet")]
    [InlineData("ffffffff", StartupParseResult.BadLength, "invalid length of startup packet")]
    [InlineData("0000000904d2162f00", StartupParseResult.BadLength, "invalid length of startup packet")]
    [InlineData("0000000a04d2162e0000", StartupParseResult.BadLength, "invalid length of startup packet")]
    [InlineData("0000000f04d2162e00000001000000", StartupParseResult.BadCancelKey, "invalid length of cancel key in cancel request packet")]
    [InlineData("0000000800020000", StartupParseResult.UnsupportedProtocol, "unsupported frontend protocol 2.0: server supports 3.0 to 3.2")]
    [InlineData("000000080004d2ff", StartupParseResult.UnsupportedProtocol, "unsupported frontend protocol 4.54015: server supports 3.0 to 3.2")]
    [InlineData("0000000800030000", StartupParseResult.BadLayout, "invalid startup packet layout: expected terminator as last byte")]
    [InlineData("0000000900030000" + "00", StartupParseResult.MissingUser, "no PostgreSQL user name specified in startup packet")]
    [InlineData("0000000a00030000" + "0000", StartupParseResult.BadLayout, "invalid startup packet layout: expected terminator as last byte")]
    [InlineData("0000000f00030000" + "75736572006100", StartupParseResult.BadLayout, "invalid startup packet layout: expected terminator as last byte")]
    [InlineData("0000001000030000" + "7573657200ff0000", StartupParseResult.BadEncoding, "invalid startup packet: parameters must be UTF-8")]
    [InlineData("000000", StartupParseResult.NeedMore, "")]
    [InlineData("00000008000300", StartupParseResult.NeedMore, "")]
    public void Parse_Malformed_SaysWhy(string hex, StartupParseResult expected, string text)
    {
        byte[] data = Convert.FromHexString(hex);
        Assert.Equal(expected, StartupPacket.Parse(data, out int consumed, out StartupPacket? packet));
        Assert.Equal(text, StartupPacket.Describe(expected, data));
        Assert.Equal(0, consumed);
        Assert.Null(packet);
    }

    [Fact]
    public void Parse_EveryPrefixOfAPacket_NeedsMore()
    {
        MessageWriter writer = new();
        StartupMessages.WriteStartup(writer, StartupMessages.Version30, [new("user", "ann")]);
        for (int i = 0; i < writer.Length; i++)
        {
            Assert.Equal(StartupParseResult.NeedMore, StartupPacket.Parse(writer.Written[..i], out _, out _));
        }
    }

    [Fact]
    public void Parse_LongestPacket_IsTaken()
    {
        MessageWriter writer = new();
        int rest = StartupPacket.MaxLength - 8 - "user".Length - 1 - 2;
        StartupMessages.WriteStartup(writer, StartupMessages.Version30, [new("user", new string('u', rest))]);
        Assert.Equal(StartupPacket.MaxLength, writer.Length);
        Assert.Equal(rest, Encoding.UTF8.GetByteCount(Parsed(writer.Written).User!));
    }

    private static StartupPacket Parsed(ReadOnlySpan<byte> data)
    {
        Assert.Equal(StartupParseResult.Parsed, StartupPacket.Parse(data, out int consumed, out StartupPacket? packet));
        Assert.Equal(data.Length, consumed);
        return packet!;
    }
}
