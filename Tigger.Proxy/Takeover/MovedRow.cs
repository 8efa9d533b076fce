using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tigger.Takeover;

/// <summary>What one row of TAKEOVER says; the descriptors are attached to it, in the order of the members.</summary>
internal sealed record MovedRow
{
    /// <summary>All listeners; the first row.</summary>
    public IReadOnlyList<MovedListener>? Listeners { get; init; }

    public MovedClient? Client { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, MovedJson.Default.MovedRow);

    /// <exception cref="JsonException">It is none.</exception>
    public static MovedRow Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, MovedJson.Default.MovedRow) ?? throw new JsonException("an empty row");
}

[JsonSerializable(typeof(MovedRow))]
internal sealed partial class MovedJson : JsonSerializerContext;
