namespace Tigger.Protocol;

/// <summary>Format codes as in Bind: none means text for all, one means that one for all, else one per column.</summary>
public static class FormatCodes
{
    public const short Text = 0;
    public const short Binary = 1;

    /// <summary>The code that applies to a column; text if there are too few codes.</summary>
    public static short At(ReadOnlySpan<short> formats, int column) => formats.Length switch
    {
        1 => formats[0],
        _ => column < formats.Length ? formats[column] : Text,
    };
}
