namespace Tigger.Config;

/// <summary>A place in the configuration file, counted from 1; line 0 means the file as a whole.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="File">An included file; null = the one that was asked for.</param>
public readonly record struct ConfigMark(int Line, int Column, string? File = null)
{
    internal ConfigMark Right(int characters) => this with { Column = Column + characters };
}
