namespace Tigger.Auth.Hba;

/// <summary>Something wrong with one line of an HBA or ident file.</summary>
/// <param name="Line">Line number, from 1.</param>
/// <param name="Text">What is wrong and what became of the line.</param>
public sealed record HbaFault(int Line, string Text);
