using System.Security.Cryptography;
using System.Text;
using Tigger.Auth;
using Tigger.Config;
using Tigger.Net;
using Tigger.Protocol;

namespace Tigger.Sessions;

/// <summary>
/// Makes a client prove who it is, as <c>auth_type</c> asks. An unknown user goes through the same exchange as a known one
/// and fails at its end: neither the messages nor their timing tell which users exist.
/// </summary>
internal sealed class ClientAuthenticator(ClientConnection client, CredentialStore credentials, string user, AuthType type)
{
    private MessageStream Stream => client.Stream;

    private UserSecret? Secret => credentials.Find(user);

    /// <summary>Returns when the client has proved itself; AuthenticationOk is left to the caller.</summary>
    /// <exception cref="LoginException">It has not.</exception>
    public Task AuthenticateAsync(CancellationToken cancellation) => type switch
    {
        AuthType.Any => Task.CompletedTask,
        AuthType.Trust => Secret is null ? throw new LoginException("\"trust\" authentication failed") : Task.CompletedTask,
        AuthType.Cert => Certificate(),
        AuthType.Plain => PlainAsync(cancellation),

        // As PgBouncer: with auth_type md5 a user whose secret is a SCRAM secret logs in by SCRAM.
        AuthType.Md5 when Secret?.Kind != SecretKind.Scram => Md5Async(cancellation),
        AuthType.Md5 or AuthType.ScramSha256 => ScramAsync(cancellation),
        _ => throw new LoginException($"auth_type {type} is not supported"),
    };

    /// <summary>The certificate was verified by the handshake; here it must be the user's.</summary>
    private Task Certificate() => Secret is not null && client.Certificate is { } certificate && certificate.IsFor(user)
        ? Task.CompletedTask
        : throw new LoginException("certificate authentication failed");

    private async Task PlainAsync(CancellationToken cancellation)
    {
        await Stream.SendAsync(AuthenticationRequest.Build(AuthenticationRequest.CleartextPassword), cancellation);
        string password = await ReadPasswordAsync(cancellation);
        if (!PasswordVerifier.Verify(Secret ?? UserSecret.None, user, password))
        {
            throw WrongPassword();
        }
    }

    private async Task Md5Async(CancellationToken cancellation)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(Md5Password.SaltLength);
        await Stream.SendAsync(AuthenticationRequest.Build(AuthenticationRequest.Md5Password, salt), cancellation);
        string response = await ReadPasswordAsync(cancellation);
        string? expected = Secret?.Kind switch
        {
            SecretKind.Md5 => Secret.Md5,
            SecretKind.Plain => Md5Password.Hash(Secret.Plain!, user),
            _ => null,
        };

        // For an unknown user the work is done all the same, against a hash nobody can have.
        string hash = expected ?? Md5Password.Hash(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), user);
        if (!Md5Password.Verify(hash, salt, response) || expected is null)
        {
            throw WrongPassword();
        }
    }

    private async Task ScramAsync(CancellationToken cancellation)
    {
        byte[]? endPoint = client.Encryption?.EndPoint;
        ScramServerExchange exchange = credentials.CreateExchange(user, endPoint);
        await Stream.SendAsync(AuthenticationRequest.BuildSasl(endPoint is not null), cancellation);
        byte[] initial = await ReadAsync(cancellation);
        if (!PasswordMessage.TryParseSaslInitial(initial, out string mechanism, out ReadOnlySpan<byte> first)
            || !IsOffered(mechanism, endPoint))
        {
            throw Failed();
        }

        if (!exchange.TryHandleClientFirst(first, out byte[] challenge, out string error, mechanism == AuthenticationRequest.ScramPlusMechanism))
        {
            throw new LoginException($"SASL authentication failed: {error}");
        }

        await Stream.SendAsync(AuthenticationRequest.Build(AuthenticationRequest.SaslContinue, challenge), cancellation);
        byte[] final = await ReadAsync(cancellation);
        if (!exchange.TryHandleClientFinal(final, out byte[] verdict, out _))
        {
            throw exchange.PasswordRejected ? WrongScram() : Failed();
        }

        credentials.Learn(user, exchange.ClientKey);
        await Stream.SendAsync(AuthenticationRequest.Build(AuthenticationRequest.SaslFinal, verdict), cancellation);
    }

    private static bool IsOffered(string mechanism, byte[]? endPoint) => mechanism == AuthenticationRequest.ScramMechanism
        || (mechanism == AuthenticationRequest.ScramPlusMechanism && endPoint is not null);

    private async Task<string> ReadPasswordAsync(CancellationToken cancellation)
    {
        byte[] body = await ReadAsync(cancellation);
        int end = Array.IndexOf(body, (byte)0);
        return end == body.Length - 1 ? Encoding.UTF8.GetString(body, 0, end) : throw WrongPassword();
    }

    private async Task<byte[]> ReadAsync(CancellationToken cancellation)
    {
        (byte type, byte[] body) = await Stream.ReadMessageAsync(PasswordMessage.MaximumLength, cancellation)
            ?? throw new EndOfStreamException("client closed the connection during login");
        return type == FrontendCode.Password ? body : throw new LoginException("unexpected message during login");
    }

    private static LoginException WrongPassword() => new(SqlStates.InvalidPassword, "password authentication failed");

    private static LoginException WrongScram() => new(SqlStates.InvalidPassword, "SASL authentication failed");

    private static LoginException Failed() => new("SASL authentication failed");
}
