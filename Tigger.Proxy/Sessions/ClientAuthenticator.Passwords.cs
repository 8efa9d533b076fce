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
        ProvedUser proved = await VerifyAsync(
            found, candidate => PasswordVerifier.Verify(candidate.Secret ?? UserSecret.None, candidate.Name, password));

        // The password itself is worth more than the secret it fits: it serves for whatever PostgreSQL asks for.
        return proved.Learnt is null ? proved : proved with { Learnt = new LearntLogin(UserSecret.OfPassword(password), null) };
    }

    private async Task<ProvedUser> Md5Async(FoundUser found)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(Md5Password.SaltLength);
        await Stream.SendAsync(AuthenticationRequest.Build(AuthenticationRequest.Md5Password, salt), cancellation);
        string response = await ReadPasswordAsync();
        return await VerifyAsync(found, candidate => IsMd5Response(candidate, salt, response));
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

    /// <summary>Tries a second time with the secret of now when that of a moment ago does not fit.</summary>
    private async Task<ProvedUser> VerifyAsync(FoundUser found, Predicate<FoundUser> isRight)
    {
        if (!isRight(found))
        {
            if (!found.IsCached || !isRight(found = await FindAsync(mayBeCached: false)))
            {
                throw new LoginException(SqlStates.InvalidPassword, "password authentication failed");
            }
        }

        return Proved(found);
    }

    /// <summary>
    /// The first answer fixes salt and iterations, so there is no second try with another secret: a cached one is looked up
    /// again first.
    /// </summary>
    private async Task<ProvedUser> ScramAsync(FoundUser found)
    {
        await Stream.SendAsync(AuthenticationRequest.BuildSasl(), cancellation);
        byte[] initial = await ReadAsync();
        found = found.IsCached ? await FindAsync(mayBeCached: false) : found;
        ScramServerExchange exchange = _credentials.CreateExchange(found.Name, found.Secret);
        if (!PasswordMessage.TryParseSaslInitial(initial, out string mechanism, out ReadOnlySpan<byte> first)
            || mechanism != AuthenticationRequest.ScramMechanism
            || !exchange.TryHandleClientFirst(first, out byte[] challenge, out _))
        {
            throw Failed();
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
            : throw new LoginException(SqlStates.InvalidPassword, "password authentication failed");
    }

    private async Task<byte[]> ReadAsync()
    {
        (byte type, byte[] body) = await Stream.ReadMessageAsync(PasswordMessage.MaximumLength, cancellation)
            ?? throw new EndOfStreamException("client closed the connection during login");
        return type == FrontendCode.Password ? body : throw new LoginException("unexpected message during login");
    }

    private static LoginException WrongScram() => new(SqlStates.InvalidPassword, "SASL authentication failed");

    private static LoginException Failed() => new("SASL authentication failed");
}
