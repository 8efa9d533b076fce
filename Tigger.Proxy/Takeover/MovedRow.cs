using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tigger.Protocol;

namespace Tigger.Takeover;

/// <summary>What one row of TAKEOVER says; the descriptors are attached to it, in the order of the members.</summary>
internal sealed record MovedRow
{
    /// <summary>All listeners; the first row.</summary>
    public IReadOnlyList<MovedListener>? Listeners { get; init; }

    public MovedClient? Client { get; init; }

    /// <summary>Of this client: who takes it says it back when all is ready for it (<see cref="ToAnswer"/>).</summary>
    public long Number { get; init; }

    /// <summary>The client with this number has left the process that ends, and may go on; it was ready before.</summary>
    public long Released { get; init; }

    /// <summary>The answer: a message of CopyData with the number.</summary>
    public byte[] ToAnswer()
    {
        byte[] number = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, Number);
        return new MessageWriter().Begin(FrontendCode.CopyData).Bytes(number).End().ToArray();
    }

    /// <summary>Null: it is no answer.</summary>
    public static long? NumberOf(ReadOnlySpan<byte> answer) => BinaryPrimitives.TryReadInt64BigEndian(answer, out long number) ? number : null;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, MovedJson.Default.MovedRow);

    /// <exception cref="JsonException">It is none.</exception>
    public static MovedRow Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, MovedJson.Default.MovedRow) ?? throw new JsonException("an empty row");
}

[JsonSerializable(typeof(MovedRow))]
internal sealed partial class MovedJson : JsonSerializerContext;
