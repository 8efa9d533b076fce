namespace Tigger.Auth.Hba;

/// <summary>Kinds of token in a line of an HBA or ident file.</summary>
internal enum HbaTokenKind
{
    /// <summary>The line, or what of it is not comment, is over.</summary>
    End,

    /// <summary>Unquoted text: may be a keyword.</summary>
    Word,

    /// <summary>Text in double quotes: never a keyword.</summary>
    Quoted,

    Comma,
}
