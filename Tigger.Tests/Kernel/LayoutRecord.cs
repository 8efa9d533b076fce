namespace Tigger.Tests.Kernel;

/// <summary>A field of a struct in C; or the struct itself, without a field; or a value of an enum, in place of the offset.</summary>
internal sealed record LayoutRecord(string Name, string? Field, uint Offset, uint Size);
