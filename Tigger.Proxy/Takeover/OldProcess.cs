using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Listening;
using Tigger.Net;
using Tigger.Protocol;

namespace Tigger.Takeover;

/// <summary>The process that runs already, as the one that follows sees it: a console on its Unix socket.</summary>
internal sealed partial class OldProcess : IDisposable
{
    private const int LongestRow = 256 * 1024 * 1024;
    private const int RowHeader = sizeof(short) + sizeof(int);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DescriptorTransport _transport;
    private readonly MessageStream _stream;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<bool>> _answered = new();
    private readonly SemaphoreSlim _answering = new(1);
    private volatile bool _isGone;

    private OldProcess(DescriptorTransport transport, MessageStream stream, ILogger logger) =>
        (_transport, _stream, _logger) = (transport, stream, logger);

    /// <summary>Connects and logs in. Null: nobody listens there.</summary>
    /// <param name="config">Where its Unix socket is.</param>
    /// <param name="loops">For the connection.</param>
    /// <param name="logger">For what is heard of it.</param>
    /// <exception cref="IOException">There is no Unix socket in the configuration, or the process does not let us in.</exception>
    public static async Task<OldProcess?> FindAsync(TiggerConfig config, EventLoops loops, ILogger logger)
    {
        if (config.UnixSocketDir.Length == 0)
        {
            throw new IOException("cannot reboot if unix dir not configured");
        }

        ListenEndpoint console = ListenEndpoint.From(config with { ListenAddr = [] })[0];
        if (!console.IsInUse())
        {
            return null;
        }

        AsyncSocket socket = new(loops.Next(), SocketFactory.Connect(console.Address));
        DescriptorTransport transport = new(socket.Socket);
        socket.Transport = transport;
        OldProcess old = new(transport, new MessageStream(socket), logger);
        try
        {
            using CancellationTokenSource deadline = new(Patience);
            await old.LogInAsync(deadline.Token);
            return old;
        }
        catch (Exception fault)
        {
            old.Dispose();
            throw fault is OperationCanceledException ? new IOException("the old process does not answer") : fault;
        }
    }

    /// <summary>Its listening sockets, which are ours from now on; it accepts no more.</summary>
    /// <exception cref="IOException">It does not give them.</exception>
    public async Task<IReadOnlyList<(ListenEndpoint Endpoint, int Descriptor)>> TakeListenersAsync()
    {
        using CancellationTokenSource deadline = new(Patience);
        try
        {
            await _stream.SendAsync(QueryMessage.Build("TAKEOVER;"), deadline.Token);
            if (await NextRowAsync(deadline.Token) is not { Listeners: { } listeners } || _transport.Received.Count != listeners.Count)
            {
                throw new IOException("the old process gives no listening sockets");
            }

            List<(ListenEndpoint, int)> taken = [];
            foreach (MovedListener listener in listeners)
            {
                int descriptor = _transport.Received.Dequeue();
                EndPoint address = SocketFactory.Adopt(descriptor);
                taken.Add((new ListenEndpoint(address) { IsInherited = listener.IsInherited }, descriptor));
            }

            return taken;
        }
        catch (OperationCanceledException)
        {
            throw new IOException("the old process does not give its sockets");
        }
    }

    /// <summary>Its clients, until it has none and ends; never throws.</summary>
    public async Task TakeClientsAsync(TakeoverIntake intake)
    {
        try
        {
            int count = 0;
            while (await NextRowAsync(CancellationToken.None) is { } row)
            {
                if (row.Client is { } client)
                {
                    int descriptor = _transport.Received.Dequeue();
                    int? server = client.Server is null ? null : _transport.Received.Dequeue();
                    _ = intake.AcceptAsync(client, descriptor, server, () => IsReleasedAsync(row));
                    count++;
                }
                else if (_answered.TryRemove(row.Released, out TaskCompletionSource<bool>? waiting))
                {
                    waiting.TrySetResult(true);
                }
            }

            LogTaken(_logger, count);
            while (await _stream.ReadMessageAsync(LongestRow, CancellationToken.None) is not null)
            {
            }
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or JsonException or InvalidOperationException)
        {
            LogBroken(_logger, fault.Message);
        }

        // Those that it has not released are still its own.
        _isGone = true;
        foreach (TaskCompletionSource<bool> waiting in _answered.Values)
        {
            waiting.TrySetResult(false);
        }

        LogGone(_logger);
    }

    /// <summary>Tells the old process that all is ready for a client. True: it has let go of it.</summary>
    private async Task<bool> IsReleasedAsync(MovedRow row)
    {
        TaskCompletionSource<bool> released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _answered[row.Number] = released;
        await _answering.WaitAsync();
        try
        {
            await _stream.SendAsync(row.ToAnswer(), CancellationToken.None);
        }
        catch (IOException)
        {
            released.TrySetResult(false);
        }
        finally
        {
            _answering.Release();
        }

        return !_isGone && await released.Task;
    }

    public void Dispose() => _transport.Close();

    /// <summary>As PgBouncer does: who runs the process may use its console under its name.</summary>
    private async Task LogInAsync(CancellationToken cancellation)
    {
        const string Name = Limits.AdminDatabase;
        byte[] startup = StartupMessage.Build([KeyValuePair.Create("database", Name), KeyValuePair.Create("user", Name)]);
        await _stream.SendAsync(startup, cancellation);
        while (await _stream.ReadMessageAsync(LongestRow, cancellation) is { } message)
        {
            switch (message.Type)
            {
                case BackendCode.ReadyForQuery:
                    return;
                case BackendCode.ErrorResponse:
                    throw new IOException($"old process: {ErrorFields.Parse(message.Body).Message}");
                case BackendCode.Authentication when BinaryPrimitives.ReadInt32BigEndian(message.Body) != AuthenticationRequest.Ok:
                    throw new IOException("the old process asks for a password: it is another user's");
            }
        }

        throw new IOException("the old process closed the connection");
    }

    /// <summary>Null: there are no more.</summary>
    private async Task<MovedRow?> NextRowAsync(CancellationToken cancellation)
    {
        while (await _stream.ReadMessageAsync(LongestRow, cancellation) is { } message)
        {
            switch (message.Type)
            {
                case BackendCode.DataRow:
                    return MovedRow.Parse(message.Body.AsSpan(RowHeader));
                case BackendCode.ErrorResponse:
                    throw new IOException($"the old process gives nothing: {ErrorFields.Parse(message.Body).Message}");
                case BackendCode.CommandComplete:
                    return null;
            }
        }

        throw new IOException("the old process closed the connection");
    }

    [LoggerMessage(7015, LogLevel.Information, "takeover: the old process has given all it had, {Count} clients")]
    private static partial void LogTaken(ILogger logger, int count);

    [LoggerMessage(7016, LogLevel.Error, "takeover: {Reason}")]
    private static partial void LogBroken(ILogger logger, string reason);

    [LoggerMessage(7017, LogLevel.Information, "takeover: the old process has ended")]
    private static partial void LogGone(ILogger logger);
}
