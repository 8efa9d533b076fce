using Tigger.Auth;
using Tigger.Config;
using Tigger.Net;
using Tigger.Protocol;
using Tigger.Tls;

namespace Tigger.Pooling;

/// <summary>Logs one connection into PostgreSQL (PostgreSQL: "Start-up", client's side).</summary>
internal sealed partial class ServerLogin(
    MessageStream stream, ServerEncryption? encryption, ServerPool pool, CredentialStore credentials, SessionStartup? startup)
{
    private const int MaximumMessage = 64 * 1024;

    private readonly List<KeyValuePair<string, string>> _greeting = [];
    private ScramClientExchange? _scram;
    private bool _authenticated;

    public int ProcessId { get; private set; }

    public ReadOnlyMemory<byte> CancelKey { get; private set; }

    public ParameterProfile Parameters { get; private set; } = new(pool.Tracked.Names.Count);

    public IReadOnlyList<KeyValuePair<string, string>> Greeting => _greeting;

    private string User => pool.User.Name;

    /// <summary>Returns at the first ReadyForQuery (that of <c>connect_query</c> if there is one).</summary>
    /// <exception cref="ServerLoginException">PostgreSQL refused, or asks for what the user's secret cannot give.</exception>
    /// <exception cref="IOException">The connection broke, or the server does not speak the protocol.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await stream.SendAsync(StartupMessage.Build(StartupParameters()), cancellation);
        await ReadUntilReadyAsync(cancellation);
        await CheckRoleAsync(cancellation);
        if (startup is not { IsReplication: true } && pool.Settings.Database.ConnectQuery is { Length: > 0 } query)
        {
            await stream.SendAsync(QueryMessage.Build(query), cancellation);
            await ReadUntilReadyAsync(cancellation);
        }
    }

    private List<KeyValuePair<string, string>> StartupParameters()
    {
        DatabaseConfig database = pool.Settings.Database;
        List<KeyValuePair<string, string>> parameters = [new("user", User), new("database", database.ServerDbName)];
        (string Name, string? Value)[] configured =
        [
            ("client_encoding", database.ClientEncoding),
            ("datestyle", database.Datestyle),
            ("timezone", database.Timezone),
            ("application_name", database.ApplicationName),
        ];
        parameters.AddRange(configured.Where(one => one.Value is not null).Select(one => KeyValuePair.Create(one.Name, one.Value!)));
        foreach (KeyValuePair<string, string> asked in startup?.All(pool.Tracked) ?? [])
        {
            parameters.RemoveAll(one => string.Equals(one.Key, asked.Key, StringComparison.OrdinalIgnoreCase));
            parameters.Add(asked);
        }

        return parameters;
    }

    private async Task ReadUntilReadyAsync(CancellationToken cancellation)
    {
        while (true)
        {
            (byte type, byte[] body) = await stream.ReadMessageAsync(MaximumMessage, cancellation)
                ?? throw new EndOfStreamException("server closed the connection during login");
            switch (type)
            {
                case BackendCode.Authentication:
                    await AnswerAsync(body, cancellation);
                    break;
                case BackendCode.ParameterStatus:
                    TakeParameter(body);
                    break;
                case BackendCode.BackendKeyData when body.Length is >= 8 and <= 260:
                    TakeKey(body);
                    break;
                case BackendCode.ReadyForQuery when _authenticated:
                    return;
                case BackendCode.ErrorResponse:
                    throw new ServerLoginException(ErrorFields.Parse(body));
                case BackendCode.NoticeResponse or BackendCode.NegotiateProtocolVersion:
                    break;
                default:
                    // The results of connect_query are nobody's.
                    if (!_authenticated || !BackendCode.IsKnown(type))
                    {
                        throw new InvalidDataException($"unexpected message '{(char)type}' during login");
                    }

                    break;
            }
        }
    }

    private async Task AnswerAsync(byte[] body, CancellationToken cancellation)
    {
        byte[]? answer = Answer(body);
        if (answer is not null)
        {
            await stream.SendAsync(answer, cancellation);
        }
    }

    private byte[]? Answer(ReadOnlySpan<byte> body)
    {
        MessageReader reader = new(body);
        if (!reader.TryInt32(out int kind) || (_authenticated && kind != AuthenticationRequest.Ok))
        {
            throw new InvalidDataException("malformed authentication request");
        }

        switch (kind)
        {
            case AuthenticationRequest.Ok:
                _authenticated = true;
                return null;
            case AuthenticationRequest.CleartextPassword:
                return PasswordMessage.Build(Secret.Plain ?? throw Cannot("a plain password"));
            case AuthenticationRequest.Md5Password when reader.Rest.Length == Md5Password.SaltLength:
                string hash = Secret.Md5
                    ?? (Secret.Plain is { } password ? Md5Password.Hash(password, User) : throw Cannot("an md5 secret"));
                return PasswordMessage.Build(Md5Password.Response(hash, reader.Rest));
            case AuthenticationRequest.Sasl:
                return BeginScram(reader);
            case AuthenticationRequest.SaslContinue when _scram is not null:
                return _scram.TryHandleServerFirst(reader.Rest, out byte[] final, out string error)
                    ? PasswordMessage.BuildSasl(final)
                    : throw Refused(error);
            case AuthenticationRequest.SaslFinal when _scram is not null:
                return _scram.TryHandleServerFinal(reader.Rest, out string fault) ? null : throw Refused(fault);
            default:
                throw new InvalidDataException($"unknown authentication request {kind}");
        }
    }

    /// <summary>The password of a database is that of the user it forces, which need not be this pool's (auth_user).</summary>
    private UserSecret Secret => pool.Settings.Database is { Password: { } password, User: { } forced } && forced == User
        ? UserSecret.Parse(password)
        : pool.Learnt?.Secret ?? credentials.Find(User) ?? UserSecret.None;

    private byte[] BeginScram(MessageReader mechanisms)
    {
        bool offered = false;
        bool offersBinding = false;
        while (mechanisms.TryCString(out string? name) && name.Length > 0)
        {
            offered |= name == AuthenticationRequest.ScramMechanism;
            offersBinding |= name == AuthenticationRequest.ScramPlusMechanism;
        }

        bool binds = offersBinding && encryption?.EndPoint is not null;

        if (!offered && !binds)
        {
            throw Refused("server offers no SASL mechanism we know");
        }

        _scram = Secret.Plain is { } password
            ? new ScramClientExchange(password)
            : pool.Learnt?.CreateClientExchange() ?? credentials.CreateClientExchange(User) ?? throw Cannot("a plain password, or a client that has proved it by SCRAM");
        _scram.CanBind = encryption?.EndPoint is not null;
        _scram.EndPoint = binds ? encryption!.EndPoint : null;
        return PasswordMessage.BuildSaslInitial(
            binds ? AuthenticationRequest.ScramPlusMechanism : AuthenticationRequest.ScramMechanism, _scram.CreateClientFirst());
    }

    private void TakeParameter(byte[] body)
    {
        if (!ParameterStatus.TryParse(body, out string? name, out string? value))
        {
            throw new InvalidDataException("malformed ParameterStatus");
        }

        _greeting.RemoveAll(known => known.Key == name);
        _greeting.Add(new(name, value));
        int index = pool.Tracked.IndexOf(name);
        if (index >= 0)
        {
            Parameters = Parameters.With(index, value);
        }
    }

    private void TakeKey(byte[] body)
    {
        ProcessId = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(body);
        CancelKey = body.AsMemory(4);
    }

    private ServerLoginException Cannot(string needed) =>
        Refused($"cannot log into PostgreSQL as \"{User}\": it asks for what needs {needed}");

    private static ServerLoginException Refused(string text) =>
        new(new ErrorFields("FATAL", SqlStates.InvalidAuthorization, text));
}
