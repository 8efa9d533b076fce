using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tigger.Auth.Hba;

/// <summary>The addresses a rule is about: all of them, or a network in either family.</summary>
internal sealed class HbaAddress
{
    private readonly byte[] _network;
    private readonly byte[] _mask;

    private HbaAddress(byte[] network, byte[] mask)
    {
        _network = network;
        _mask = mask;
    }

    /// <summary>The keyword <c>all</c>: both families.</summary>
    public static HbaAddress All { get; } = new([], []);

    /// <summary>The address has bits outside its mask, so it matches nobody; worth a warning, as in PgBouncer.</summary>
    public bool MatchesNobody => _network.Where((bits, i) => (bits & ~_mask[i]) != 0).Any();

    /// <exception cref="AuthSyntaxException">Not an address.</exception>
    public static byte[] ReadAddress(string text) =>
        TryReadAddress(text) ?? throw new AuthSyntaxException($"failed to parse address - {text}");

    /// <param name="text">address/bits.</param>
    /// <exception cref="AuthSyntaxException">It is not.</exception>
    public static HbaAddress ReadCidr(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        byte[] network = ReadAddress(text[..slash]);
        if (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int bits) || bits > network.Length * 8)
        {
            throw new AuthSyntaxException("invalid mask");
        }

        byte[] mask = new byte[network.Length];
        for (int i = 0; i < mask.Length; i++)
        {
            mask[i] = (byte)(0xff << (8 - Math.Clamp(bits - (8 * i), 0, 8)));
        }

        return new HbaAddress(network, mask);
    }

    /// <param name="network">From <see cref="ReadAddress"/>.</param>
    /// <param name="mask">An address of the same family.</param>
    /// <exception cref="AuthSyntaxException">It is not.</exception>
    public static HbaAddress Read(byte[] network, string mask) =>
        TryReadAddress(mask) is { } bits && bits.Length == network.Length
            ? new HbaAddress(network, bits)
            : throw new AuthSyntaxException($"failed to parse mask: {mask}");

    public bool Matches(IPAddress address)
    {
        if (this == All)
        {
            return true;
        }

        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out int length) || length != _network.Length)
        {
            return false;
        }

        for (int i = 0; i < length; i++)
        {
            if ((bytes[i] & _mask[i]) != _network[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>As inet_pton reads it: no shortened or octal IPv4, no zone or brackets around IPv6.</summary>
    private static byte[]? TryReadAddress(string text)
    {
        if (!IPAddress.TryParse(text, out IPAddress? address))
        {
            return null;
        }

        bool isExact = address.AddressFamily == AddressFamily.InterNetwork
            ? address.ToString() == text
            : text.AsSpan().IndexOfAny("%[") < 0;
        return isExact ? address.GetAddressBytes() : null;
    }
}
