namespace Tigger.Mirroring;

/// <summary>What a piece of SQL is, as far as a fingerprint needs to know.</summary>
internal enum SqlTokenKind
{
    /// <summary>A keyword or a name without quotes.</summary>
    Word,

    /// <summary>A string, a number, a bit string.</summary>
    Literal,

    /// <summary>Everything else: operators, parentheses, names in quotes, parameters.</summary>
    Other,

    /// <summary>The end of a statement.</summary>
    Semicolon,
}
