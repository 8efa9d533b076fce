using System.Text;
using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

public sealed class StartupMessageTests
{
    private const string Layout = "invalid startup packet layout: expected terminator as last byte";

    [Fact]
    public void TryParse_Parameters_KeepsTheirOrder()
    {
        StartupMessage message = Parse("user|bob|database|shop|options|-c a=b||");
        Assert.Equal(["user=bob", "database=shop", "options=-c a=b"], message.Parameters.Select(p => $"{p.Key}={p.Value}"));
        Assert.Equal("shop", message["database"]);
        Assert.Null(message["Database"]);
        Assert.Empty(message.ProtocolOptions);
    }

    [Fact]
    public void TryParse_OnlyTheTerminator_HasNoParameters() => Assert.Empty(Parse("|").Parameters);

    [Fact]
    public void Indexer_DuplicateNames_GivesTheLater() => Assert.Equal("eve", Parse("user|bob|user|eve||")["user"]);

    [Fact]
    public void TryParse_EmptyValue_IsAValue() => Assert.Equal("", Parse("user|||")["user"]);

    [Fact]
    public void TryParse_ProtocolOptions_AreNoParameters()
    {
        StartupMessage message = Parse("_pq_.command|1|user|bob|_pq_.|x|_pq|y||");
        Assert.Equal(["_pq_.command", "_pq_."], message.ProtocolOptions);
        Assert.Equal(["user", "_pq"], message.Parameters.Select(p => p.Key));
    }

    [Theory]
    [InlineData(3 << 16, 0)]
    [InlineData((3 << 16) | 2, 2)]
    [InlineData((3 << 16) | 9999, 9999)]
    public void MinorVersion_AnyVersion_IsTheLowerHalf(int version, int expected)
    {
        Assert.True(StartupMessage.TryParse(version, [0], out StartupMessage? message, out _));
        Assert.Equal(expected, message.MinorVersion);
    }

    [Theory]
    [InlineData("")]
    [InlineData("user")]
    [InlineData("user|")]
    [InlineData("user|bob")]
    [InlineData("user|bob|")]
    [InlineData("user|bob|x|")]
    [InlineData("user|bob||x")]
    [InlineData("user|bob|||")]
    [InlineData("|user|bob||")]
    public void TryParse_TruncatedOrBytesBehindTheEnd_FailsWithPostgresText(string body)
    {
        Assert.False(StartupMessage.TryParse(StartupCode.Version3, Bytes(body), out StartupMessage? message, out string error));
        Assert.Null(message);
        Assert.Equal(Layout, error);
    }

    [Fact]
    public void Build_Parameters_ParsesToTheSame()
    {
        KeyValuePair<string, string>[] parameters = [new("user", "böb"), new("database", ""), new("user", "x")];
        byte[] packet = StartupMessage.Build(parameters);

        Assert.Equal((packet.Length, StartupCode.Version3), (Int32(packet, 0), Int32(packet, 4)));
        Assert.True(StartupMessage.TryParse(StartupCode.Version3, packet.AsSpan(8), out StartupMessage? message, out _));
        Assert.Equal(parameters, message.Parameters);
    }

    private static StartupMessage Parse(string body)
    {
        Assert.True(StartupMessage.TryParse(StartupCode.Version3, Bytes(body), out StartupMessage? message, out string error), error);
        return message;
    }

    private static int Int32(byte[] bytes, int at) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));

    /// <summary>A bar stands for a zero byte.</summary>
    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.Replace('|', '\0'));
}
