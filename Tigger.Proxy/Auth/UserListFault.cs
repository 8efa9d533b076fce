namespace Tigger.Auth;

/// <summary>Something wrong with one line of a user list. Never shows what the line holds.</summary>
/// <param name="Line">Line number, from 1.</param>
/// <param name="Text">What is wrong and what was done about it, in one sentence for the log.</param>
public sealed record UserListFault(int Line, string Text);
