namespace Tigger.Auth;

/// <summary>
/// Walks the comma-separated <c>letter=value</c> attributes of one SCRAM message (RFC 5802, section 7), in place.
/// </summary>
/// <param name="message">The attributes, without a gs2 header.</param>
internal ref struct ScramReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Bytes not read yet; 0 once the last attribute has been read.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Reads the next attribute, whatever its letter.</summary>
    /// <param name="name">The attribute's ASCII letter.</param>
    /// <param name="value">What stands between '=' and the next comma; may be empty, never holds a NUL.</param>
    /// <returns>False if there is none, it is malformed, or a comma is followed by nothing.</returns>
    public bool TryRead(out byte name, out ReadOnlySpan<byte> value)
    {
        name = 0;
        value = default;
        if (_rest.Length < 2 || !char.IsAsciiLetter((char)_rest[0]) || _rest[1] != (byte)'=')
            return false;
        ReadOnlySpan<byte> tail = _rest[2..];
        int comma = tail.IndexOf((byte)',');
        if (comma == tail.Length - 1 && comma >= 0)
            return false;
        ReadOnlySpan<byte> found = comma < 0 ? tail : tail[..comma];
        if (found.Contains((byte)0))
            return false;
        name = _rest[0];
        value = found;
        _rest = comma < 0 ? default : tail[(comma + 1)..];
        return true;
    }

    /// <summary>Reads the next attribute if it carries the expected letter; reads nothing otherwise.</summary>
    /// <returns>False if the attribute is missing, malformed or another one.</returns>
    public bool TryRead(char expected, out ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> before = _rest;
        if (TryRead(out byte name, out value) && name == expected)
            return true;
        _rest = before;
        value = default;
        return false;
    }
}
