using System.Security.Cryptography;
using System.Text;
using Tigger.Auth;
using Tigger.Pooling;
using Tigger.Protocol;

namespace Tigger.Sessions;

/// <summary>The exchanges in which a password, or the knowledge of one, is the proof.</summary>
internal sealed partial class ClientAuthenticator
{
    private async Task<ProvedUser> PlainAsync(FoundUser found)
    {
        string password = await AskForPasswordAsync();
        if (password.Length == 0)
        {
            throw new LoginException(SqlStates.InvalidPassword, "empty password returned by client");
        }

        bool isRight = await IsPasswordAsync(found, password);
        if (!isRight && found.IsCached)
        {
            found = await FindAsync(mayBeCached: false);
            isRight = await IsPasswordAsync(found, password);
        }

        ProvedUser proved = isRight ? Proved(found) : throw WrongPassword();

        // The password itself is worth more than the secret it fits: it serves for whatever PostgreSQL asks for.
        return proved.Learnt is null ? proved : proved with { Learnt = new LearntLogin(UserSecret.OfPassword(password), null) };
    }

    private Task<bool> IsPasswordAsync(FoundUser found, string password) => services.Proofs.RunAsync(
        () => PasswordVerifier.Verify(found.Secret ?? UserSecret.None, found.Name, password), cancellation);

    private async Task<ProvedUser> Md5Async(FoundUser found)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(Md5Password.SaltLength);
        await Stream.SendAsync(AuthenticationRequest.Build(AuthenticationRequest.Md5Password, salt), cancellation);
        string response = await ReadPasswordAsync();
        bool isRight = IsMd5Response(found, salt, response);
        if (!isRight && found.IsCached)
        {
            found = await FindAsync(mayBeCached: false);
            if (found.Secret?.Kind == SecretKind.Scram)
            {
                // Changed a moment ago, into one that md5 does not fit: the protocol allows a second request.
                return await ScramAsync(found);
            }

            isRight = IsMd5Response(found, salt, response);
        }

        return isRight ? Proved(found) : throw WrongPassword();
    }

    /// <summary>For an unknown user the work is done all the same, against a hash nobody can have.</summary>
    private static bool IsMd5Response(FoundUser found, byte[] salt, string response)
    {
        string? expected = found.Secret?.Kind switch
        {
            SecretKind.Md5 => found.Secret.Md5,
            SecretKind.Plain => Md5Password.Hash(found.Secret.Plain!, found.Name),
            _ => null,
        };
        string hash = expected ?? Md5Password.Hash(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), found.Name);
        return Md5Password.Verify(hash, salt, response) & expected is not null;
    }

    private async Task<ProvedUser> ScramAsync(FoundUser found)
    {
        byte[]? endPoint = client.Encryption?.EndPoint;
        await Stream.SendAsync(AuthenticationRequest.BuildSasl(endPoint is not null), cancellation);
        byte[] initial = await ReadAsync();

        // A secret that is a password is first made one of SCRAM's.
        ScramServerExchange exchange = found.Secret?.Kind == SecretKind.Plain
            ? await services.Proofs.RunAsync(() => _credentials.CreateExchange(found.Name, found.Secret, endPoint), cancellation)
            : _credentials.CreateExchange(found.Name, found.Secret, endPoint);
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
        byte[] final = await ReadAsync();
        if (!exchange.TryHandleClientFinal(final, out byte[] verdict, out _))
        {
            throw exchange.PasswordRejected ? WrongScram() : Failed();
        }

        if (!found.IsDynamic)
        {
            _credentials.Learn(found.Name, exchange.ClientKey);
        }

        await Stream.SendAsync(AuthenticationRequest.Build(AuthenticationRequest.SaslFinal, verdict), cancellation);
        return Proved(found, exchange.ClientKey);
    }

    private static bool IsOffered(string mechanism, byte[]? endPoint) => mechanism == AuthenticationRequest.ScramMechanism
        || (mechanism == AuthenticationRequest.ScramPlusMechanism && endPoint is not null);

    private async Task<string> AskForPasswordAsync()
    {
        await Stream.SendAsync(AuthenticationRequest.Build(AuthenticationRequest.CleartextPassword), cancellation);
        return await ReadPasswordAsync();
    }

    private async Task<string> ReadPasswordAsync()
    {
        byte[] body = await ReadAsync();
        int end = Array.IndexOf(body, (byte)0);
        return end == body.Length - 1
            ? Encoding.UTF8.GetString(body, 0, end)
            : throw WrongPassword();
    }

    private async Task<byte[]> ReadAsync()
    {
        (byte type, byte[] body) = await Stream.ReadMessageAsync(PasswordMessage.MaximumLength, cancellation)
            ?? throw new EndOfStreamException("client closed the connection during login");
        return type == FrontendCode.Password ? body : throw new LoginException("unexpected message during login");
    }

    private static LoginException WrongPassword() => new(SqlStates.InvalidPassword, "password authentication failed");

    private static LoginException WrongScram() => new(SqlStates.InvalidPassword, "SASL authentication failed");

    private static LoginException Failed() => new("SASL authentication failed");
}
