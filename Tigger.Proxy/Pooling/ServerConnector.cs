using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Tigger.Auth;
using Tigger.Config;
using Tigger.Kernel;
using Tigger.Net;
using Tigger.Protocol;
using Tigger.Tls;

namespace Tigger.Pooling;

/// <summary>Opens connections to PostgreSQL: resolve, connect, log in, run <c>connect_query</c>.</summary>
public sealed partial class ServerConnector(EventLoops loops, Func<CredentialStore> credentials, ILogger logger)
{
    /// <summary>Logins in progress at once towards one PostgreSQL, of all pools together: each costs it a process and a proof.</summary>
    private const int MaximumConcurrentLogins = 16;

    private readonly ConcurrentDictionary<(string Hosts, string Ports), SemaphoreSlim> _logins = new();

    /// <summary>TLS in force; replaced by a reload.</summary>
    public Func<TlsContexts> Tls { get; init; } = static () => TlsContexts.None;

    /// <summary>A server that is logged in and owned by the caller.</summary>
    /// <param name="pool">Whose it will be.</param>
    /// <param name="startup">Startup parameters of a client to open it with; null: the pool's only.</param>
    /// <exception cref="ServerLoginException">None of the hosts can be reached or is what is wanted, or PostgreSQL refused.</exception>
    public async Task<ServerConnection> ConnectAsync(ServerPool pool, SessionStartup? startup)
    {
        PoolSettings settings = pool.Settings;
        (string, string) target = ($"{settings.Effective.Hosts}", $"{settings.Database.Ports}");
        SemaphoreSlim logins = _logins.GetOrAdd(target, static _ => new SemaphoreSlim(MaximumConcurrentLogins));

        // Time spent in this line is not the server's fault, so no timeout runs yet.
        await logins.WaitAsync();
        try
        {
            return await ConnectNowAsync(pool, startup);
        }
        finally
        {
            logins.Release();
        }
    }

    /// <summary>A server of one address, logged in and owned by the caller.</summary>
    /// <exception cref="ServerLoginException">It cannot be reached, PostgreSQL refused, or it is not what is wanted.</exception>
    private async Task<ServerConnection> ConnectAsync(
        ServerPool pool, EndPoint address, string host, TargetSessionAttrs wanted, SessionStartup? startup)
    {
        using CancellationTokenSource deadline = Deadline(pool.Settings.Global.ServerConnectTimeout);
        ServerRoute? route = null;
        try
        {
            route = await OpenAsync(pool, address, host, startup is not { IsReplication: true }, deadline.Token);
            ServerLogin login = new(route.Stream, route.Encryption, pool, credentials(), startup) { Wanted = wanted };
            await login.RunAsync(deadline.Token);
            return Finish(pool, route, login, startup);
        }
        catch (Exception fault) when (fault is not ServerLoginException)
        {
            route?.Close();
            throw Translate(fault);
        }
        catch (ServerLoginException)
        {
            route?.Close();
            throw;
        }
    }

    /// <summary>Asks PostgreSQL to cancel what the server's backend does; returns when the backend has been signalled.</summary>
    /// <exception cref="IOException">PostgreSQL cannot be reached.</exception>
    /// <exception cref="OperationCanceledException"><c>cancel_wait_timeout</c> is over.</exception>
    internal async Task SendCancelAsync(ServerConnection server)
    {
        TiggerConfig global = server.Pool.Settings.Global;
        using CancellationTokenSource deadline = Deadline(global.CancelWaitTimeout);
        ServerIdentity identity = server.Identity;
        int descriptor = SocketFactory.Connect(identity.Connect);
        MessageStream stream = await OpenAsync(descriptor, identity.Connect, SocketOptions.From(global), deadline.Token);
        try
        {
            await ServerTlsNegotiation.RunAsync(stream, identity.Connect, identity.Host, Tls().Server, null, deadline.Token);
            await DeliverAsync(stream, CancelRequest.Build(identity.ProcessId, identity.CancelKey.Span), deadline.Token);
        }
        finally
        {
            stream.Connection.Transport.Close();
        }
    }

    private static async Task DeliverAsync(MessageStream stream, byte[] cancelRequest, CancellationToken cancellation)
    {
        await stream.SendAsync(cancelRequest, cancellation);

        // It is answered by closing the connection: by PostgreSQL after the signal, by a peer after PostgreSQL's answer.
        _ = await stream.ReadByteAsync(cancellation);
    }

    /// <summary>
    /// Connects, with the backend's end expected in the kernel if the pool may be there and the server is for it; encrypts as
    /// configured.
    /// </summary>
    private async Task<ServerRoute> OpenAsync(
        ServerPool pool, EndPoint address, string host, bool mayUseKernel, CancellationToken cancellation)
    {
        SocketOptions options = SocketOptions.From(pool.Settings.Global);
        ServerTls? tls = Tls().Server;
        if (address is not IPEndPoint remote || !mayUseKernel || pool.SlotSource is not { } kernel)
        {
            MessageStream plain = await OpenAsync(SocketFactory.Connect(address), address, options, cancellation);
            return await EncryptAsync(new ServerRoute(plain, address, host, null, null), tls, cancellation);
        }

        using BoundSocket bound = SocketFactory.Prepare(remote);
        ServerSlotReservation? slot = bound.Local is { } local && tls is not { IsRequired: true }
            ? kernel.Path.Expect(remote, local, pool.KernelNumber)
            : null;
        try
        {
            MessageStream stream = await OpenAsync(bound.Connect(), address, options, cancellation);
            return await EncryptAsync(new ServerRoute(stream, address, host, kernel, slot), tls, cancellation);
        }
        catch
        {
            slot?.Cancel();
            throw;
        }
    }

    private static async Task<ServerRoute> EncryptAsync(ServerRoute route, ServerTls? tls, CancellationToken cancellation)
    {
        try
        {
            // From here on the programs must leave the connection alone: what they move goes by other ways than the rest.
            ServerEncryption? encryption = await ServerTlsNegotiation.RunAsync(
                route.Stream, route.Address, route.Host, tls, () => route.Slot?.Cancel(), cancellation);
            return encryption is null ? route : route with { Slot = null, Encryption = encryption };
        }
        catch (IOException fault) when (fault is not EndOfStreamException)
        {
            // It is there, and will not do better next time.
            route.Close();
            throw Unreachable($"connect failed: {fault.Message}", fault, mayCome: false);
        }
        catch
        {
            route.Close();
            throw;
        }
    }

    private async Task<MessageStream> OpenAsync(
        int descriptor, EndPoint address, SocketOptions options, CancellationToken cancellation)
    {
        SocketFactory.Tune(descriptor, address.AddressFamily, options);
        AsyncSocket socket = new(loops.Next(), descriptor);
        try
        {
            int error = await socket.ConnectedAsync(cancellation);
            return error == 0 ? new MessageStream(socket) : throw SocketFailure.Create("connect", error);
        }
        catch
        {
            socket.Socket.Close();
            throw;
        }
    }

    private ServerConnection Finish(ServerPool pool, ServerRoute route, ServerLogin login, SessionStartup? startup)
    {
        LoopSocket socket = route.Stream.Connection.Socket;
        EndPoint? local = SocketFactory.LocalAddress(socket.Descriptor, route.Address.AddressFamily);
        ServerIdentity identity = new(
            route.Host, route.Address, route.Address as IPEndPoint, local as IPEndPoint, login.ProcessId, login.CancelKey)
        {
            Tls = route.Encryption?.Description ?? "",
        };
        ServerConnection server = new(pool, socket, route.Stream.Connection.Transport, identity, login.Parameters)
        {
            Greeting = login.Greeting,
            Startup = startup,
        };
        server.Held.Append(route.Stream.Unread);
        server.Readable = true;
        route.GiveSlotTo(server);
        socket.Handler = server;
        if (pool.Settings.Global.LogConnections)
        {
            LogConnected(logger, server.Id, pool.Name, route.Host, local?.ToString() ?? "unix");
            if (route.Encryption is { } encryption)
            {
                LogEncrypted(logger, server.Id, pool.Name, route.Host, encryption.Description);
            }
        }

        return server;
    }

    private static ServerLoginException Translate(Exception fault)
    {
        string reason = fault switch
        {
            OperationCanceledException => "connect timeout",
            EndOfStreamException or InvalidDataException => $"server broke the protocol: {fault.Message}",
            IOException => $"connect failed: {fault.Message}",
            _ => fault.Message,
        };
        return Unreachable(reason, fault, fault is OperationCanceledException or IOException);
    }

    private static ServerLoginException Unreachable(string reason, Exception fault, bool mayCome = true) =>
        new(new ErrorFields("FATAL", SqlStates.ConnectionFailure, reason), fault) { IsOfThisHost = true, IsUnreachable = mayCome };

    [LoggerMessage(4000, LogLevel.Information, "S-{Server}: {Pool}@{Host} new connection to server (from {Local})")]
    private static partial void LogConnected(ILogger logger, long server, string pool, string host, string local);

    [LoggerMessage(4003, LogLevel.Information, "S-{Server}: {Pool}@{Host} SSL established: {Tls}")]
    private static partial void LogEncrypted(ILogger logger, long server, string pool, string host, string tls);
}
