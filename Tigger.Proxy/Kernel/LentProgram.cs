namespace Tigger.Kernel;

/// <summary>A program in the kernel, by its descriptor.</summary>
public sealed record LentProgram(string Name, int Fd);
