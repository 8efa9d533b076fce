using System.Net;
using System.Runtime.InteropServices;
using Tigger.Kernel.Calls;

namespace Tigger.Tests.Kernel;

/// <summary>Addresses as the programs compare them: network order, IPv4 mapped, ports in the host's order.</summary>
public sealed class AddressPairTests
{
    private const string Mapped = "00000000000000000000FFFF";

    [Theory]
    [InlineData("127.0.0.1", Mapped + "7F000001")]
    [InlineData("::ffff:127.0.0.1", Mapped + "7F000001")]
    [InlineData("10.1.2.3", Mapped + "0A010203")]
    [InlineData("::1", "00000000000000000000000000000001")]
    [InlineData("2001:db8::1:2", "20010DB8000000000000000000010002")]
    [InlineData("fe80::1%3", "FE800000000000000000000000000001")]
    public void Pair_OfEachFamily_HoldsWhatTheKernelWouldSee(string address, string bits)
    {
        IPEndPoint local = new(IPAddress.Parse(address), 0x1234), remote = new(IPAddress.Parse("::2"), 0x5678);
        AddressPair pair = new(0x1122334455667788, local, remote);
        var expected = "8877665544332211" + bits + "00000000000000000000000000000002" + "34127856" + "00000000";
        Assert.Equal(expected, Hex(pair));
    }

    [Fact]
    public void Pair_OfTheOtherEnd_IsAnother()
    {
        IPEndPoint near = new(IPAddress.Loopback, 1), far = new(IPAddress.Loopback, 2);
        Assert.NotEqual(new AddressPair(1, near, far), new AddressPair(1, far, near));
        Assert.NotEqual(new AddressPair(1, near, far), new AddressPair(2, near, far));
        Assert.Equal(new AddressPair(1, near, far), new AddressPair(1, new(IPAddress.Parse("::ffff:127.0.0.1"), 1), far));
    }

    /// <summary>0.0.0.0 is all zero and not ::ffff:0.0.0.0; the family tells it from ::.</summary>
    [Theory]
    [InlineData("0.0.0.0", "00000000000000000000000000000000", "0200")]
    [InlineData("::", "00000000000000000000000000000000", "0A00")]
    [InlineData("127.0.0.1", Mapped + "7F000001", "0200")]
    [InlineData("::1", "00000000000000000000000000000001", "0A00")]
    public void Listener_OfEachFamily_HoldsWhatTheProgramLooksFor(string address, string bits, string family) =>
        Assert.Equal("0100000000000000" + bits + "2019" + family + "00000000", Hex(new ListenerKey(1, new(IPAddress.Parse(address), 6432))));

    private static string Hex<T>(T value)
        where T : unmanaged => Convert.ToHexString(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));
}
