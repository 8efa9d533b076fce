namespace Tigger.Kernel;

/// <summary>A map in the kernel, by its descriptor, and the sizes of what is in it.</summary>
public sealed record LentMap(string Name, int Fd, uint KeySize, uint ValueSize);
