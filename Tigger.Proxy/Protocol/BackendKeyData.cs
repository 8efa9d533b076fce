namespace Tigger.Protocol;

/// <summary>
/// BackendKeyData ('K'): process id and secret key, which a CancelRequest must repeat. The key has 4 bytes up to protocol
/// 3.0 and may have up to 256 from 3.2 on.
/// </summary>
public static class BackendKeyData
{
    public const int MinKeyLength = 4;
    public const int MaxKeyLength = 256;

    /// <exception cref="ArgumentOutOfRangeException">The key has less than 4 or more than 256 bytes.</exception>
    public static void Write(MessageWriter writer, int processId, ReadOnlySpan<byte> key)
    {
        ThrowIfKeyLengthInvalid(key);
        writer.Begin(BackendCode.BackendKeyData);
        writer.WriteInt32(processId);
        writer.WriteBytes(key);
        writer.End();
    }

    /// <returns>False if the body is too short or the key too long.</returns>
    public static bool TryParse(ReadOnlySpan<byte> body, out int processId, out ReadOnlySpan<byte> key)
    {
        MessageReader reader = new(body);
        key = default;
        if (!reader.TryReadInt32(out processId) || !IsKeyLength(reader.Rest.Length))
        {
            return false;
        }

        key = reader.Rest;
        return true;
    }

    internal static bool IsKeyLength(int length) => length is >= MinKeyLength and <= MaxKeyLength;

    internal static void ThrowIfKeyLengthInvalid(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, MinKeyLength, nameof(key));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, MaxKeyLength, nameof(key));
    }
}
