using System.Security.Cryptography;
using System.Text;

namespace Tigger.Auth;

/// <summary>
/// The client's role in one SCRAM-SHA-256 login to PostgreSQL (RFC 5802, RFC 7677; PostgreSQL protocol, "SASL
/// Authentication"). Bytes in, bytes out. One object serves one attempt and is not safe for use by two threads.
/// </summary>
/// <remarks>
/// The server is not trusted: its nonce, salt and iteration count are bounded (PgBouncer's CVE-2026-6665 was an unbounded
/// nonce), and the login counts only after <see cref="TryHandleServerFinal"/>. Nothing here throws on input.
/// </remarks>
public sealed class ScramClientExchange
{
    private readonly string? _password;
    private readonly byte[] _clientNonce;
    private readonly string _saslName;
    private byte[] _clientKey = [];
    private byte[] _serverKey = [];
    private byte[] _serverSignature = [];
    private ScramStage _stage = ScramStage.Start;

    /// <summary>Logs in with a plain password.</summary>
    /// <param name="password">As typed; SASLprep is applied when the salt is known.</param>
    public ScramClientExchange(string password)
        : this(password, ScramText.NewNonce(), "")
    {
    }

    /// <summary>
    /// Logs in with keys in place of a password: the ClientKey a client has proved to <see cref="ScramServerExchange"/>, and
    /// the ServerKey of the stored secret. Works only where the server stores that same secret. Costs no PBKDF2.
    /// </summary>
    /// <exception cref="ArgumentException">A key is not 32 bytes long.</exception>
    public ScramClientExchange(byte[] clientKey, byte[] serverKey)
    {
        if (clientKey.Length != ScramKeys.Length)
            throw new ArgumentException("A key holds 32 bytes.", nameof(clientKey));
        if (serverKey.Length != ScramKeys.Length)
            throw new ArgumentException("A key holds 32 bytes.", nameof(serverKey));
        _clientKey = clientKey;
        _serverKey = serverKey;
        _clientNonce = ScramText.NewNonce();
        _saslName = "";
    }

    internal ScramClientExchange(string password, byte[] clientNonce, string saslName)
    {
        _password = password;
        _clientNonce = clientNonce;
        _saslName = saslName;
    }

    /// <summary>The connection is encrypted: channel binding could be used. To be set before the first message.</summary>
    public bool CanBind { get; set; }

    /// <summary>Data of <c>tls-server-end-point</c>, if SCRAM-SHA-256-PLUS is used. To be set before the first message.</summary>
    public byte[]? EndPoint { get; set; }

    // "y" lets a server that did offer binding notice that somebody has taken the offer away (RFC 5802, section 6).
    private byte[] Header => [.. EndPoint is not null ? "p=tls-server-end-point,,"u8 : CanBind ? "y,,"u8 : "n,,"u8];

    // PostgreSQL ignores the name in the message in favour of the startup packet's; libpq sends an empty one too.
    private byte[] FirstBare => [.. "n="u8, .. Encoding.UTF8.GetBytes(_saslName), .. ",r="u8, .. _clientNonce];

    /// <summary>The data of SASLInitialResponse: <c>client-first-message</c> with the channel binding that was set.</summary>
    /// <exception cref="InvalidOperationException">Called a second time.</exception>
    public byte[] CreateClientFirst()
    {
        if (_stage != ScramStage.Start)
            throw new InvalidOperationException("The exchange has been started already.");
        _stage = ScramStage.FirstSent;
        return [.. Header, .. FirstBare];
    }

    /// <summary>
    /// Takes <c>server-first-message</c>, gives <c>client-final-message</c>. With a plain password this is CPU work
    /// proportional to the server's iteration count (at most <see cref="ScramSecret.MaxIterations"/>): keep it off I/O threads.
    /// </summary>
    /// <param name="serverFirst">The data of AuthenticationSASLContinue; at most 4 KiB.</param>
    /// <param name="clientFinal">The data for SASLResponse; empty on failure.</param>
    /// <param name="error">Why it failed, fit for a log; empty on success.</param>
    /// <returns>False if the message is refused; the attempt is then over.</returns>
    public bool TryHandleServerFirst(ReadOnlySpan<byte> serverFirst, out byte[] clientFinal, out string error)
    {
        clientFinal = [];
        error = ReadServerFirst(serverFirst, out ReadOnlySpan<byte> nonce, out byte[] salt, out int iterations);
        if (error.Length > 0)
        {
            _stage = ScramStage.Ended;
            return false;
        }
        if (_password is not null)
        {
            byte[] salted = ScramKeys.SaltedPassword(_password, salt, iterations);
            _clientKey = ScramKeys.ClientKey(salted);
            _serverKey = ScramKeys.ServerKey(salted);
            CryptographicOperations.ZeroMemory(salted);
        }

        byte[] withoutProof = [.. "c="u8, .. ScramText.EncodeBase64([.. Header, .. EndPoint ?? []]), .. ",r="u8, .. nonce];
        byte[] authMessage = ScramKeys.AuthMessage(FirstBare, serverFirst, withoutProof);
        byte[] proof = ScramKeys.Xor(_clientKey, ScramKeys.Sign(ScramKeys.StoredKey(_clientKey), authMessage));
        _serverSignature = ScramKeys.Sign(_serverKey, authMessage);
        _stage = ScramStage.FirstDone;
        clientFinal = [.. withoutProof, .. ",p="u8, .. ScramText.EncodeBase64(proof)];
        return true;
    }

    /// <summary>Takes <c>server-final-message</c> and verifies that the server knows the secret too.</summary>
    /// <param name="serverFinal">The data of AuthenticationSASLFinal; at most 4 KiB.</param>
    /// <param name="error">Why it failed, fit for a log; empty on success.</param>
    /// <returns>True if the server has proved itself; on false the connection must be dropped.</returns>
    public bool TryHandleServerFinal(ReadOnlySpan<byte> serverFinal, out string error)
    {
        error = CheckServerFinal(serverFinal);
        _stage = ScramStage.Ended;
        return error.Length == 0;
    }

    private string ReadServerFirst(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> nonce, out byte[] salt, out int iterations)
    {
        nonce = default;
        salt = [];
        iterations = 0;
        if (_stage != ScramStage.FirstSent)
            return "unexpected SCRAM message from server";
        if (message.Length > ScramText.MaxMessage)
            return "SCRAM message from server too long";
        ScramReader reader = new(message);
        if (!reader.TryRead('r', out nonce))
            return "malformed SCRAM message from server (nonce expected)";
        if (nonce.Length > ScramText.MaxCombinedNonce || !ScramText.IsPrintable(nonce))
            return "malformed SCRAM message from server (invalid nonce)";
        // A server that adds nothing of its own would leave the exchange open to replay.
        if (!nonce.StartsWith(_clientNonce) || nonce.Length == _clientNonce.Length)
            return "SCRAM nonce from server does not extend ours";
        if (!reader.TryRead('s', out ReadOnlySpan<byte> saltText)
            || !ScramText.TryDecodeBase64(saltText, ScramText.MaxSalt, out salt))
            return "malformed SCRAM message from server (invalid salt)";
        if (!reader.TryRead('i', out ReadOnlySpan<byte> rounds) || !ScramText.TryReadIterations(rounds, out iterations))
            return "malformed SCRAM message from server (invalid iteration count)";
        return reader.Remaining == 0 ? "" : "malformed SCRAM message from server (garbage at end)";
    }

    private string CheckServerFinal(ReadOnlySpan<byte> message)
    {
        if (_stage != ScramStage.FirstDone)
            return "unexpected SCRAM message from server";
        if (message.Length > ScramText.MaxMessage)
            return "SCRAM message from server too long";
        ScramReader reader = new(message);
        if (reader.TryRead('e', out ReadOnlySpan<byte> reason))
            return $"SCRAM error from server: {Printable(reason)}";
        if (!reader.TryRead('v', out ReadOnlySpan<byte> text) || reader.Remaining > 0
            || !ScramText.TryDecodeBase64(text, ScramKeys.Length, out byte[] signature))
            return "malformed SCRAM message from server (signature expected)";
        return CryptographicOperations.FixedTimeEquals(signature, _serverSignature) ? "" : "wrong SCRAM signature from server";
    }

    // The server's own words reach a log: keep them to one short line of ASCII.
    private static string Printable(ReadOnlySpan<byte> text)
    {
        StringBuilder line = new();
        foreach (byte b in text[..Math.Min(text.Length, 64)])
            line.Append(b is >= 0x20 and <= 0x7E ? (char)b : '?');
        return line.ToString();
    }
}
