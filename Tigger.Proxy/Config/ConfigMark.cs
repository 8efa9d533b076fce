namespace Tigger.Config;

/// <summary>A place in the configuration file, counted from 1; line 0 means the file as a whole.</summary>
public readonly record struct ConfigMark(int Line, int Column);
