using Microsoft.Extensions.Logging;
using Tigger.Auth;
using Tigger.Auth.Ldap;
using Tigger.Auth.Pam;
using Tigger.Net;
using Tigger.Pooling;
using Tigger.Protocol;

namespace Tigger.Sessions;

/// <summary>
/// Makes a client prove who it is, as its <see cref="LoginRule"/> asks; the exchanges with a password are in <c>.Passwords</c>. An
/// unknown user goes through the same exchange as a known one and fails at its end: neither the messages nor their timing tell
/// which users exist.
/// </summary>
internal sealed partial class ClientAuthenticator(
    SessionServices services, ClientConnection client, string database, string user, CancellationToken cancellation)
{
    private readonly CredentialStore _credentials = services.Credentials();

    private MessageStream Stream => client.Stream;

    /// <summary>Returns when the client has proved itself; AuthenticationOk is left to the caller.</summary>
    /// <exception cref="LoginException">It has not.</exception>
    public async Task<ProvedUser> AuthenticateAsync(LoginRule rule)
    {
        switch (rule.Method)
        {
            case AuthMethod.Any:
                return new ProvedUser(user, null);
            case AuthMethod.Reject:
                throw new LoginException("login rejected");
            case AuthMethod.Pam:
                return await AskAsync(new PamAuthenticator(client.Remote?.Address.ToString() ?? "unix"));
            case AuthMethod.Ldap:
                return rule.Ldap is { } options
                    ? await AskAsync(new LdapAuthenticator(options))
                    : throw new LoginException("LDAP authentication failed");
        }

        // A secret of a moment ago will do where a wrong one can be told and looked up again before the client hears of it. Not so
        // with SCRAM: the first answer fixes salt and iterations.
        FoundUser found = await FindAsync(mayBeCached: rule.Method != AuthMethod.ScramSha256);
        if (rule.Method == AuthMethod.Md5 && found is { IsCached: true, Secret.Kind: SecretKind.Scram })
        {
            found = await FindAsync(mayBeCached: false);
        }

        return rule.Method switch
        {
            AuthMethod.Trust => Known(found, "\"trust\" authentication failed"),
            AuthMethod.Peer => LoginAsPeer(rule, found),
            AuthMethod.Cert => LoginByCertificate(rule, found),
            AuthMethod.Plain => await PlainAsync(found),
            AuthMethod.Md5 when !IsForScram(found) => await Md5Async(found),
            _ => await ScramAsync(found),
        };
    }

    private async Task<FoundUser> FindAsync(bool mayBeCached)
    {
        FoundUser found = await services.Users.FindAsync(database, user, mayBeCached, cancellation);
        if (found.Secret is null)
        {
            LogNoSuchUser(services.Logger, client.Id, client.Address, user);
        }

        return found;
    }

    /// <summary>As PgBouncer: with md5 a user whose secret is a SCRAM secret logs in by SCRAM.</summary>
    private bool IsForScram(FoundUser found) => found.Secret?.Kind switch
    {
        SecretKind.Scram => true,
        SecretKind.Plain or SecretKind.Md5 => false,
        _ => services.Users.LooksLikeScram(database),
    };

    private static ProvedUser Known(FoundUser found, string refusal) =>
        found.Secret is null ? throw new LoginException(refusal) : Proved(found);

    private static ProvedUser Proved(FoundUser found, byte[]? clientKey = null) =>
        new(found.Name, found.IsDynamic ? new LearntLogin(found.Secret!, clientKey) : null);

    private ProvedUser LoginAsPeer(LoginRule rule, FoundUser found)
    {
        const string Refusal = "unix socket login rejected";
        string? systemUser = client.Remote is null ? UnixPeer.UserName(Stream.Connection.Socket.Descriptor) : null;
        return systemUser is not null && IsAllowed(rule, systemUser, found.Name)
            ? Known(found, Refusal)
            : throw new LoginException(Refusal);
    }

    private ProvedUser LoginByCertificate(LoginRule rule, FoundUser found)
    {
        const string Refusal = "certificate authentication failed";
        if (client.Certificate is not { } certificate)
        {
            LogNoCertificate(services.Logger, client.Id, client.IsEncrypted ? "TLS client certificate required" : "TLS connection required");
            throw new LoginException(Refusal);
        }

        if (!certificate.Names.Any(name => IsAllowed(rule, name, found.Name)))
        {
            LogNoCertificate(services.Logger, client.Id, "TLS certificate name mismatch");
            throw new LoginException(Refusal);
        }

        return Known(found, Refusal);
    }

    private static bool IsAllowed(LoginRule rule, string systemUser, string databaseUser) =>
        rule.Map?.Allows(systemUser, databaseUser) ?? systemUser == databaseUser;

    /// <summary>Lets somebody else check the password, which is then what Tigger logs into PostgreSQL with.</summary>
    private async Task<ProvedUser> AskAsync(IPasswordAuthenticator authenticator)
    {
        string password = await AskForPasswordAsync();
        if (await services.Checks.RunAsync(authenticator, user, password, cancellation) is { } reason)
        {
            LogNotConfirmed(services.Logger, client.Id, reason);
            throw new LoginException(SqlStates.InvalidPassword, authenticator.FailureText);
        }

        return new ProvedUser(user, new LearntLogin(UserSecret.OfPassword(password), null));
    }

    [LoggerMessage(2104, LogLevel.Information, "C-{Client}: {Address} no such user: {User}")]
    private static partial void LogNoSuchUser(ILogger logger, long client, string address, string user);

    [LoggerMessage(2105, LogLevel.Error, "C-{Client}: {Reason}")]
    private static partial void LogNoCertificate(ILogger logger, long client, string reason);

    [LoggerMessage(2106, LogLevel.Warning, "C-{Client}: {Reason}")]
    private static partial void LogNotConfirmed(ILogger logger, long client, string reason);
}
