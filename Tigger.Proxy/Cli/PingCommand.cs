using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Tigger.Config;
using Tigger.Listening;
using Tigger.Protocol;

namespace Tigger.Cli;

/// <summary>
/// <c>tigger ping</c>: does the process that this configuration describes answer a client? It asks for TLS, which is answered
/// by one byte before any login, so it needs no user, counts as no session and works when all servers are busy.
/// </summary>
internal static class PingCommand
{
    private const int DefaultSeconds = 5;

    public static Command Create()
    {
        Option<int> seconds = new("--timeout", "-t")
        {
            Description = "Seconds to wait for the answer",
            DefaultValueFactory = _ => DefaultSeconds,
            HelpName = "seconds",
        };
        Command command = new("ping", "Check that the process with this configuration answers clients") { seconds };
        ConfigFileChoice file = new(command);
        command.SetAction((parsed, _) => PingAsync(file.In(parsed), TimeSpan.FromSeconds(parsed.GetValue(seconds))));
        return command;
    }

    private static async Task<int> PingAsync(string path, TimeSpan limit)
    {
        try
        {
            if (ConfigLoader.Load(path).Config is not { } config)
            {
                throw new IOException($"{path} is not usable; tigger check names the faults");
            }

            if (ListenEndpoint.From(config) is not [var first, ..])
            {
                throw new IOException($"{path} names nothing to listen on");
            }

            EndPoint address = Reachable(first);
            await AskAsync(address, limit);
            Console.WriteLine($"{address} answers");
            return ExitCodes.Success;
        }
        catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException)
        {
            string reason = fault is OperationCanceledException ? $"no answer within {limit.TotalSeconds} s" : fault.Message;
            await Console.Error.WriteLineAsync($"tigger ping: {reason}");
            return ExitCodes.Failure;
        }
    }

    private static async Task AskAsync(EndPoint address, TimeSpan limit)
    {
        using CancellationTokenSource deadline = new(limit);
        using Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(address, deadline.Token);
        await socket.SendAsync(SslRequest.Message, deadline.Token);
        byte[] answer = new byte[1];
        if (await socket.ReceiveAsync(answer, deadline.Token) == 0 || answer[0] is not ((byte)'S' or (byte)'N'))
        {
            throw new IOException($"{address} did not answer as PostgreSQL would");
        }
    }

    /// <summary>Who listens on all addresses is asked on loopback.</summary>
    private static EndPoint Reachable(ListenEndpoint endpoint) => endpoint.Address switch
    {
        IPEndPoint { Address: var any, Port: var port } when any.Equals(IPAddress.Any) => new IPEndPoint(IPAddress.Loopback, port),
        IPEndPoint { Address: var any, Port: var port } when any.Equals(IPAddress.IPv6Any) => new IPEndPoint(IPAddress.IPv6Loopback, port),
        var address => address,
    };
}
