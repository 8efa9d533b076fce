using System.Security.Cryptography;
using System.Text;

namespace Tigger.Auth;

/// <summary>
/// The server's role in one SCRAM-SHA-256 login (RFC 5802, RFC 7677; PostgreSQL protocol, "SASL Authentication"). Bytes in,
/// bytes out: the caller moves the messages. One object serves one attempt and is not safe for use by two threads.
/// </summary>
/// <remarks>
/// As in PostgreSQL, the user name inside the SCRAM message is ignored: the startup packet's counts. Optional extensions are
/// skipped but signed, mandatory ones (<c>m=</c>) refused. Where channel binding is offered, a client that says it would have used
/// it had it been offered (<c>y,,</c>) has been lied to by somebody in between. Nothing here throws on input; error texts never contain the peer's bytes.
/// </remarks>
public sealed class ScramServerExchange
{
    private readonly ScramSecret _secret;
    private readonly bool _genuine;
    private readonly byte[] _serverNonce;
    private byte[] _channelBinding = [];
    private bool _binds;
    private byte[] _firstBare = [];
    private byte[] _serverFirst = [];
    private byte[] _nonce = [];
    private ScramStage _stage = ScramStage.Start;

    /// <summary>Starts an attempt.</summary>
    /// <param name="user">User name of the startup packet.</param>
    /// <param name="secret">What is stored for that user.</param>
    /// <param name="genuine">False if the secret is a stand-in: the exchange then runs in full and fails at its end.</param>
    public ScramServerExchange(string user, ScramSecret secret, bool genuine)
        : this(user, secret, genuine, ScramText.NewNonce())
    {
    }

    internal ScramServerExchange(string user, ScramSecret secret, bool genuine, byte[] serverNonce)
    {
        User = user;
        _secret = secret;
        _genuine = genuine;
        _serverNonce = serverNonce;
    }

    /// <summary>User name of the startup packet.</summary>
    public string User { get; }

    /// <summary>Data of <c>tls-server-end-point</c>, if SCRAM-SHA-256-PLUS is offered. To be set before the first message.</summary>
    public byte[]? EndPoint { get; set; }

    /// <summary>
    /// After success the client's ClientKey, 32 bytes, with which <see cref="ScramClientExchange"/> can log in to a server that
    /// stores the same secret. Null before, and for ever if the attempt fails.
    /// </summary>
    public byte[]? ClientKey { get; private set; }

    /// <summary>True once a well-formed proof was found wrong: a bad password, not a broken client.</summary>
    public bool PasswordRejected { get; private set; }

    /// <summary>
    /// Starts an attempt that cannot succeed but looks like any other. The salt depends on the user name and the process only,
    /// so that asking twice reveals nothing (PostgreSQL's <c>mock_scram_secret</c>).
    /// </summary>
    /// <param name="user">A name nobody has, or that has no secret fit for SCRAM.</param>
    /// <param name="processSecret">Random bytes, at least 16, drawn once per process.</param>
    /// <param name="iterations">Rounds to announce; give what genuine users have.</param>
    /// <exception cref="ArgumentException"><paramref name="processSecret"/> is too short.</exception>
    public static ScramServerExchange ForUnknownUser(
        string user, ReadOnlySpan<byte> processSecret, int iterations = ScramSecret.DefaultIterations)
    {
        if (processSecret.Length < 16)
            throw new ArgumentException("At least 16 random bytes are needed.", nameof(processSecret));
        byte[] salt = HMACSHA256.HashData(processSecret, Encoding.UTF8.GetBytes(user))[..ScramSecret.DefaultSaltLength];
        byte[] storedKey = RandomNumberGenerator.GetBytes(ScramKeys.Length);
        byte[] serverKey = RandomNumberGenerator.GetBytes(ScramKeys.Length);
        return new ScramServerExchange(user, new ScramSecret(iterations, salt, storedKey, serverKey), genuine: false);
    }

    /// <summary>Takes <c>client-first-message</c>, gives <c>server-first-message</c>.</summary>
    /// <param name="clientFirst">The data of SASLInitialResponse; at most 4 KiB.</param>
    /// <param name="serverFirst">The data for AuthenticationSASLContinue; empty on failure.</param>
    /// <param name="error">Why it failed, fit for client and log; empty on success.</param>
    /// <param name="binds">The client has chosen SCRAM-SHA-256-PLUS.</param>
    /// <returns>False if the message is refused; the attempt is then over.</returns>
    public bool TryHandleClientFirst(ReadOnlySpan<byte> clientFirst, out byte[] serverFirst, out string error, bool binds = false)
    {
        serverFirst = [];
        _binds = binds;
        error = ReadClientFirst(clientFirst);
        if (error.Length > 0)
        {
            _stage = ScramStage.Ended;
            return false;
        }
        _serverFirst =
            [.. "r="u8, .. _nonce, .. ",s="u8, .. ScramText.EncodeBase64(_secret.Salt),
                .. Encoding.ASCII.GetBytes($",i={_secret.Iterations}")];
        _stage = ScramStage.FirstDone;
        serverFirst = _serverFirst;
        return true;
    }

    /// <summary>Takes <c>client-final-message</c>, gives <c>server-final-message</c>.</summary>
    /// <param name="clientFinal">The data of SASLResponse; at most 4 KiB.</param>
    /// <param name="serverFinal">The data for AuthenticationSASLFinal; empty on failure.</param>
    /// <param name="error">Why it failed, fit for client and log; empty on success.</param>
    /// <returns>True if the client has proved its password; false ends the attempt.</returns>
    public bool TryHandleClientFinal(ReadOnlySpan<byte> clientFinal, out byte[] serverFinal, out string error)
    {
        serverFinal = [];
        error = ReadClientFinal(clientFinal, out ReadOnlySpan<byte> withoutProof, out byte[] proof);
        _stage = ScramStage.Ended;
        if (error.Length > 0)
            return false;

        // Everything is computed before anything is decided: a stand-in secret costs what a genuine one does.
        byte[] authMessage = ScramKeys.AuthMessage(_firstBare, _serverFirst, withoutProof);
        byte[] clientKey = ScramKeys.Xor(proof, ScramKeys.Sign(_secret.StoredKey, authMessage));
        byte[] answer = [.. "v="u8, .. ScramText.EncodeBase64(ScramKeys.Sign(_secret.ServerKey, authMessage))];
        bool proved = CryptographicOperations.FixedTimeEquals(ScramKeys.StoredKey(clientKey), _secret.StoredKey) & _genuine;
        if (!proved)
        {
            PasswordRejected = true;
            error = "password authentication failed";
            return false;
        }
        ClientKey = clientKey;
        serverFinal = answer;
        return true;
    }

    private string ReadClientFirst(ReadOnlySpan<byte> message)
    {
        if (_stage != ScramStage.Start)
            return "unexpected SCRAM message";
        if (message.Length > ScramText.MaxMessage)
            return "SCRAM message too long";
        if (ReadBindingFlag(message, out int flagLength) is { Length: > 0 } fault)
            return fault;
        if (message[flagLength..].StartsWith("a="u8))
            return "SCRAM authorization identity is not supported";
        if (!message[flagLength..].StartsWith(","u8))
            return "malformed SCRAM message (gs2 header)";

        ReadOnlySpan<byte> bare = message[(flagLength + 1)..];
        if (bare.StartsWith("m="u8))
            return "SCRAM mandatory extensions are not supported";
        ScramReader reader = new(bare);
        if (!reader.TryRead('n', out _) || !reader.TryRead('r', out ReadOnlySpan<byte> clientNonce))
            return "malformed SCRAM message (user name and nonce expected)";
        if (clientNonce.Length > ScramText.MaxClientNonce || !ScramText.IsPrintable(clientNonce))
            return "malformed SCRAM message (invalid nonce)";
        while (reader.Remaining > 0)
        {
            if (!reader.TryRead(out byte name, out _) || name == (byte)'m')
                return "malformed SCRAM message (invalid extension)";
        }
        _channelBinding = ScramText.EncodeBase64([.. message[..(flagLength + 1)], .. _binds ? EndPoint! : []]);
        _firstBare = bare.ToArray();
        _nonce = [.. clientNonce, .. _serverNonce];
        return "";
    }

    /// <summary>The flag with its comma: n = cannot bind, y = could but was not offered it, p = binds (RFC 5802, section 6).</summary>
    private string ReadBindingFlag(ReadOnlySpan<byte> message, out int length)
    {
        ReadOnlySpan<byte> endPoint = "p=tls-server-end-point,"u8;
        length = message.StartsWith(endPoint) ? endPoint.Length : 2;
        if (message.StartsWith("p="u8))
        {
            return !_binds || EndPoint is null ? "SCRAM channel binding is not supported"
                : length != endPoint.Length ? "unsupported SCRAM channel-binding type"
                : "";
        }

        if (_binds)
            return "malformed SCRAM message (channel binding expected)";
        if (message.StartsWith("y,"u8))
            return EndPoint is null ? "" : "the client supports SCRAM channel binding but thinks the server does not";
        return message.StartsWith("n,"u8) ? "" : "malformed SCRAM message (channel binding flag expected)";
    }

    private string ReadClientFinal(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> withoutProof, out byte[] proof)
    {
        withoutProof = default;
        proof = [];
        if (_stage != ScramStage.FirstDone)
            return "unexpected SCRAM message";
        if (message.Length > ScramText.MaxMessage)
            return "SCRAM message too long";
        ScramReader reader = new(message);
        if (!reader.TryRead('c', out ReadOnlySpan<byte> binding) || !reader.TryRead('r', out ReadOnlySpan<byte> nonce))
            return "malformed SCRAM message (channel binding and nonce expected)";
        if (!binding.SequenceEqual(_channelBinding))
            return "SCRAM channel binding check failed";
        if (!nonce.SequenceEqual(_nonce))
            return "SCRAM nonce does not match";
        byte name;
        ReadOnlySpan<byte> value;
        int proofStart;
        do
        {
            proofStart = message.Length - reader.Remaining;
            if (!reader.TryRead(out name, out value) || name == (byte)'m')
                return "malformed SCRAM message (proof expected)";
        }
        while (name != (byte)'p');
        if (reader.Remaining > 0)
            return "malformed SCRAM message (garbage after the proof)";
        if (!ScramText.TryDecodeBase64(value, ScramKeys.Length, out proof) || proof.Length != ScramKeys.Length)
            return "malformed SCRAM message (invalid proof)";
        withoutProof = message[..(proofStart - 1)];
        return "";
    }
}
