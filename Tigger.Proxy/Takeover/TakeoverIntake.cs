using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Tigger.Net;
using Tigger.Pooling;
using Tigger.Protocol;
using Tigger.Sessions;
using Tigger.Telemetry;

namespace Tigger.Takeover;

/// <summary>The process that follows: goes on with the clients it is given.</summary>
internal sealed partial class TakeoverIntake(SessionServices services, EventLoops loops)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Takes the descriptors over; never throws.</summary>
    /// <param name="moved">The client.</param>
    /// <param name="descriptor">Its connection.</param>
    /// <param name="serverDescriptor">That of the server it keeps, if it has one.</param>
    /// <param name="owned">
    /// Asked when all is ready for the client, never throws: true when it is this process's alone. Till then nothing is read.
    /// </param>
    public async Task AcceptAsync(MovedClient moved, int descriptor, int? serverDescriptor, Func<Task<bool>> owned)
    {
        AsyncSocket client = new(loops.Next(), descriptor);
        AsyncSocket? server = serverDescriptor is { } number ? new(loops.Next(), number) : null;
        services.Sessions.ConnectionOpened();
        bool begins = false;
        try
        {
            begins = await BeginAsync(moved, client, server, owned);
        }
#pragma warning disable CA1031 // A fault with one client must not be lost, nor end more than this client.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogFailed(services.Logger, fault, moved.Database, moved.User);
            _ = await owned();
        }
        finally
        {
            if (!begins)
            {
                client.Transport.Close();
                server?.Transport.Close();
            }

            services.Sessions.LoginEnded(begins);
        }
    }

    private async Task<bool> BeginAsync(MovedClient moved, AsyncSocket client, AsyncSocket? server, Func<Task<bool>> owned)
    {
        if (services.Registry.FindDatabase(moved.Database) is not { } database)
        {
            if (await owned())
            {
                await client.SendAsync(ErrorResponse.Fatal(SqlStates.UnknownDatabase, $"no such database: {moved.Database}"), default);
            }

            return false;
        }

        ServerPool pool = services.Registry.GetPool(database, moved.User);
        Learn(moved, pool);
        await WelcomeAsync(pool);
        if (!await owned())
        {
            return false;
        }

        UserState user = services.Registry.GetUser(moved.User);

        // They are in already: the limits are for those who come.
        _ = database.TryAddClient(0);
        _ = user.TryAddClient(0);
        TrackedParameters tracked = services.Registry.Tracked;
        SessionLogin login = new()
        {
            Id = services.Sessions.NextId(),
            Table = services.Sessions,
            Pool = pool,
            Database = database,
            User = user,
            Remote = moved.Remote is { } remote ? IPEndPoint.Parse(remote) : null,
            Local = moved.Local is { } local ? IPEndPoint.Parse(local) : null,
            Parameters = MovedParameters.ToProfile(tracked, moved.Parameters),
            Startup = new SessionStartup(MovedParameters.ToProfile(tracked, moved.Asked), moved.Others),
            ApplicationName = moved.ApplicationName,
            CancelKey = new CancelKey(moved.CancelKey),
            ConnectedAt = services.Clock.GetTimestamp() - (long)((services.Clock.GetUtcNow() - moved.ConnectedTime).TotalSeconds * services.Clock.TimestampFrequency),
            ConnectedTime = moved.ConnectedTime,
            IsMoved = true,
        };
        ServerConnection? kept = server is null ? null : Adopt(moved.Server!, server, pool);
        ClientSession session = new(login, client.Socket, client.Transport);
        services.Sessions.Add(session);
        services.Registry.Counters.Count(PoolerCounter.ClientTakenOver);
        session.Continue(moved, kept);
        return true;
    }

    private void Learn(MovedClient moved, ServerPool pool)
    {
        if (moved.Login is not { } login)
        {
            return;
        }

        if (login.ToLearnt() is { } learnt)
        {
            pool.Learn(learnt);
        }
        else
        {
            services.Credentials().LearnIfProved(pool.User.Name, login.ClientKey!);
        }
    }

    /// <summary>As a login does: what the pool's first server is like decides which data path its clients are on.</summary>
    private static async Task WelcomeAsync(ServerPool pool)
    {
        while (true)
        {
            try
            {
                await pool.WelcomeAsync(default);
                return;
            }
            catch (ServerLoginException)
            {
                // The client has no part in it, and may well wait: the pool has said why, and tries again.
                await Task.Delay(Patience, pool.Clock);
            }
        }
    }

    private static ServerConnection Adopt(MovedServer moved, AsyncSocket socket, ServerPool pool)
    {
        IPEndPoint? remote = moved.Connect.StartsWith('/') || moved.Connect.StartsWith('@') ? null : IPEndPoint.Parse(moved.Connect);
        EndPoint connect = (EndPoint?)remote ?? new UnixDomainSocketEndPoint(moved.Connect is ['@', .. var name] ? $"\0{name}" : moved.Connect);
        EndPoint? local = SocketFactory.LocalAddress(socket.Socket.Descriptor, connect.AddressFamily);
        ServerIdentity identity = new(moved.Host, connect, remote, local as IPEndPoint, moved.ProcessId, moved.CancelKey);
        TrackedParameters tracked = pool.Tracked;
        ServerConnection server = new(pool, socket.Socket, socket.Transport, identity, MovedParameters.ToProfile(tracked, moved.AtLogin))
        {
            Greeting = moved.Greeting,
            Startup = moved.Asked is { } asked ? new SessionStartup(MovedParameters.ToProfile(tracked, asked), moved.Others ?? []) : null,
            Parameters = MovedParameters.ToProfile(tracked, moved.Parameters),
            CloseNeeded = moved.CloseNeeded,
            Readable = true,
        };
        new ServerRoute(new MessageStream(socket), connect, moved.Host, pool.Kernel, null).GiveSlotTo(server);
        pool.Adopt(server);
        socket.Socket.Handler = server;
        return server;
    }

    [LoggerMessage(2031, LogLevel.Error, "{Database}/{User}: a client of the old process is lost")]
    private static partial void LogFailed(ILogger logger, Exception fault, string database, string user);
}
