namespace Tigger.Auth;

/// <summary>
/// A line of an HBA or ident file, or a text of options, cannot be read; the message says why and shows no password. Caught by
/// who reads the file or the setting.
/// </summary>
public sealed class AuthSyntaxException(string message) : Exception(message);
