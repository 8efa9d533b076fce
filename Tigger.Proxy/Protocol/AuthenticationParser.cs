using System.Text;

namespace Tigger.Protocol;

/// <summary>
/// Parses the bodies of Authentication messages ('R') and of their answers ('p'). Nothing here throws. The limits are
/// PostgreSQL's (PG_MAX_AUTH_TOKEN_LENGTH, PG_MAX_SASL_MESSAGE_LENGTH in libpq/auth.c and auth-sasl.h).
/// </summary>
public static class AuthenticationParser
{
    /// <summary>Most bytes of a PasswordMessage body, terminator included.</summary>
    public const int MaxPasswordBody = 65535;

    /// <summary>Most bytes of a SASLInitialResponse or SASLResponse body.</summary>
    public const int MaxSaslBody = 1024;

    /// <summary>Splits an Authentication body; the data of Ok and CleartextPassword is empty, of Md5Password the salt.</summary>
    /// <returns>False if the code is unknown or the data has the wrong length for it.</returns>
    public static bool TryParseRequest(ReadOnlySpan<byte> body, out AuthenticationCode code, out ReadOnlySpan<byte> data)
    {
        MessageReader reader = new(body);
        bool complete = reader.TryReadInt32(out int value);
        code = (AuthenticationCode)value;
        data = reader.Rest;
        return complete && code switch
        {
            AuthenticationCode.Ok or AuthenticationCode.KerberosV5 or AuthenticationCode.CleartextPassword
                or AuthenticationCode.Gss or AuthenticationCode.Sspi => data.IsEmpty,
            AuthenticationCode.Md5Password => data.Length == AuthenticationMessages.Md5SaltLength,
            AuthenticationCode.Sasl or AuthenticationCode.SaslContinue or AuthenticationCode.SaslFinal
                or AuthenticationCode.GssContinue => true,
            _ => false,
        };
    }

    /// <summary>Parses the data of <see cref="AuthenticationCode.Sasl"/>.</summary>
    /// <returns>False if the list is empty or not ended by an empty name.</returns>
    public static bool TryParseMechanisms(ReadOnlySpan<byte> data, out List<string> mechanisms)
    {
        mechanisms = [];
        MessageReader reader = new(data);
        while (reader.TryReadCString(out ReadOnlySpan<byte> name))
        {
            if (name.IsEmpty)
            {
                return reader.AtEnd && mechanisms.Count > 0;
            }

            mechanisms.Add(Encoding.UTF8.GetString(name));
        }

        return false;
    }

    /// <summary>Parses a PasswordMessage body.</summary>
    /// <returns>False if it is too long or not exactly one terminated string.</returns>
    public static bool TryParsePassword(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> password)
    {
        MessageReader reader = new(body);
        password = default;
        return body.Length <= MaxPasswordBody && reader.TryReadCString(out password) && reader.AtEnd;
    }

    /// <summary>Parses a SASLInitialResponse body.</summary>
    /// <param name="response">The client's first message; empty if it sent none.</param>
    /// <returns>False if it is too long, or its inner length is not exactly that of the rest (or -1 with no rest).</returns>
    public static bool TryParseSaslInitialResponse(ReadOnlySpan<byte> body, out string mechanism, out ReadOnlySpan<byte> response)
    {
        mechanism = "";
        response = default;
        MessageReader reader = new(body);
        if (body.Length > MaxSaslBody || !reader.TryReadCString(out ReadOnlySpan<byte> name) || name.IsEmpty
            || !reader.TryReadInt32(out int length))
        {
            return false;
        }

        mechanism = Encoding.UTF8.GetString(name);
        if (length == -1)
        {
            return reader.AtEnd;
        }

        return reader.TryReadBytes(length, out response) && reader.AtEnd;
    }

    /// <summary>Checks a SASLResponse body; it is the response as it stands.</summary>
    /// <returns>False if it is too long.</returns>
    public static bool TryParseSaslResponse(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> response)
    {
        response = body.Length <= MaxSaslBody ? body : default;
        return body.Length <= MaxSaslBody;
    }
}
