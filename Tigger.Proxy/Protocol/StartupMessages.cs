namespace Tigger.Protocol;

/// <summary>Builds the packets of the startup family that go to a server.</summary>
public static class StartupMessages
{
    /// <summary>Protocol 3.0, major in the upper 16 bits.</summary>
    public const int Version30 = 3 << 16;

    /// <summary>Protocol 3.2, which has cancel keys longer than 4 bytes.</summary>
    public const int Version32 = Version30 | 2;

    /// <summary>StartupMessage.</summary>
    /// <exception cref="ArgumentException">A name is empty, which would end the list, or a text holds a zero.</exception>
    public static void WriteStartup(MessageWriter writer, int version, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        writer.BeginUntyped();
        writer.WriteInt32(version);
        foreach ((string name, string value) in parameters)
        {
            ArgumentException.ThrowIfNullOrEmpty(name, nameof(parameters));
            writer.WriteCString(name);
            writer.WriteCString(value);
        }

        writer.WriteByte(0);
        writer.End();
    }

    public static void WriteSslRequest(MessageWriter writer)
    {
        writer.BeginUntyped();
        writer.WriteInt32(StartupPacket.SslRequestCode);
        writer.End();
    }

    /// <exception cref="ArgumentOutOfRangeException">The key has less than 4 or more than 256 bytes.</exception>
    public static void WriteCancelRequest(MessageWriter writer, int processId, ReadOnlySpan<byte> key)
    {
        BackendKeyData.ThrowIfKeyLengthInvalid(key);
        writer.BeginUntyped();
        writer.WriteInt32(StartupPacket.CancelRequestCode);
        writer.WriteInt32(processId);
        writer.WriteBytes(key);
        writer.End();
    }
}
