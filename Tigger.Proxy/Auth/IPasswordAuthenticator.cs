namespace Tigger.Auth;

/// <summary>Somebody else who knows whether a password is right: PAM, or an LDAP server.</summary>
internal interface IPasswordAuthenticator
{
    /// <summary>What a client is told whose password is wrong, or could not be checked.</summary>
    string FailureText { get; }

    /// <summary>Blocks until it is known.</summary>
    /// <param name="user">User name of the startup packet.</param>
    /// <param name="password">As the client sent it.</param>
    /// <param name="reason">Why not, for the log; never the password.</param>
    bool TryAuthenticate(string user, string password, out string reason);
}
