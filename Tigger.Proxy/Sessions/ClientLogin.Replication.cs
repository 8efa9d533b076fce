using Tigger.Pooling;

namespace Tigger.Sessions;

/// <summary>
/// Clients that ask for replication. A WAL sender's connection cannot be lent on, so each gets a server of its own, opened with
/// the client's own parameters and closed with it. It counts in the pool's size like any other.
/// </summary>
public sealed partial class ClientLogin
{
    private async Task StartReplicationAsync(
        StartupRequest request, ReplicationStartup replication, ServerPool pool, DatabaseState database, UserState user,
        CancellationToken cancellation)
    {
        SessionStartup startup = new(request.Parameters, replication.Parameters) { IsReplication = true };
        ServerConnection server;
        try
        {
            server = await pool.ConnectReplicationAsync(startup, cancellation);
        }
        catch (ServerLoginException refusal)
        {
            throw new LoginException(refusal.Error.SqlState, refusal.Error.Message);
        }

        bool started = false;
        try
        {
            Welcome welcome = new(server.Greeting, server.Parameters);
            SessionLogin login = CreateLogin(request, pool, database, user, startup, welcome);
            await SendWelcomeAsync(login, welcome, cancellation);
            ClientSession session = new(login, Stream.Connection.Socket, Stream.Connection.Transport);
            services.Sessions.Add(session);
            session.Start(Stream.Unread, server);
            started = true;
        }
        finally
        {
            if (!started)
            {
                pool.CloseServer(server, "client disconnect before everything was sent to the server");
            }
        }
    }
}
