using System.Security.Cryptography;
using System.Text;

namespace Tigger.Tests.Fixtures;

/// <summary>From the startup packet to the first ReadyForQuery.</summary>
public sealed partial class RawClient
{
    /// <summary>Every ParameterStatus received so far, at login and later.</summary>
    public Dictionary<string, string> Parameters { get; } = [];

    public int Pid { get; private set; }

    public byte[] Secret { get; private set; } = [];

    /// <summary>The NegotiateProtocolVersion received, if any.</summary>
    public BackendMessage? Negotiation { get; private set; }

    public async Task LoginAsync(
        string user,
        string database,
        string? password = null,
        IEnumerable<(string Name, string Value)>? parameters = null,
        int version = Frontend.Version30)
    {
        await SendAsync(Frontend.Startup([("user", user), ("database", database), .. parameters ?? []], version));
        await FinishLoginAsync(user, password);
    }

    public async Task FinishLoginAsync(string user, string? password = null)
    {
        ScramClient? scram = null;
        while (true)
        {
            var message = await ReadAsync();
            switch (message.Type)
            {
                case 'R':
                    scram = await AnswerAsync(message, user, password, scram);
                    break;
                case 'S':
                    Remember(message);
                    break;
                case 'K':
                    (Pid, Secret) = (message.Int32(), message.Payload[4..]);
                    break;
                case 'v':
                    Negotiation = message;
                    break;
                case 'E':
                    throw new ServerErrorException(message);
                case 'Z':
                    return;
                default:
                    Assert.True(message.Type == 'N', $"{message} during login");
                    break;
            }
        }
    }

    private async Task<ScramClient?> AnswerAsync(BackendMessage request, string user, string? password, ScramClient? scram)
    {
        const int Ok = 0, Cleartext = 3, Md5 = 5, Sasl = 10, SaslContinue = 11, SaslFinal = 12;
        password ??= "";
        switch (request.Int32())
        {
            case Ok:
                return null;
            case Cleartext:
                await SendAsync(Frontend.Password(password));
                return null;
            case Md5:
                await SendAsync(Frontend.Password("md5" + Md5Hex(Md5Hex(password, Encoding.UTF8.GetBytes(user)), request.Payload[4..])));
                return null;
            case Sasl:
                scram = new(password);
                await SendAsync(scram.First());
                return scram;
            case SaslContinue:
                await SendAsync(scram!.Final(Encoding.UTF8.GetString(request.Payload, 4, request.Payload.Length - 4)));
                return scram;
            case SaslFinal:
                scram!.Verify(Encoding.UTF8.GetString(request.Payload, 4, request.Payload.Length - 4));
                return scram;
            default:
                throw new NotSupportedException($"authentication request {request.Int32()}");
        }
    }

    private static string Md5Hex(string text, byte[] salt) =>
        Convert.ToHexStringLower(MD5.HashData([.. Encoding.UTF8.GetBytes(text), .. salt]));

    private void Remember(BackendMessage message)
    {
        var (name, value) = message.ParameterStatus();
        Parameters[name] = value;
    }
}
