namespace Tigger.Config;

/// <summary>The value read from a text, or why it could not be read. <see cref="Error"/> is null on success.</summary>
public readonly record struct Parsed<T>(T Value, string? Error)
{
    public bool Ok => Error is null;

    public static implicit operator Parsed<T>(T value) => new(value, null);

    public static implicit operator Parsed<T>(ParseFault fault) => new(default!, fault.Message);
}
