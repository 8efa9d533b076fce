using Tigger.Config;
using Tigger.Sessions;
using Tigger.Telemetry;

namespace Tigger.Pooling;

/// <summary>
/// Session pooling: reset values come from the startup packet only, so a client whose startup parameters are not those of the
/// server it was granted gets a new one: beside it while the pool has room, else in its place.
/// </summary>
public sealed partial class ServerPool
{
    private int _exchanging;

    /// <summary>
    /// Opens a server with the client's startup parameters, which is the client's when it has logged in; till then the client
    /// waits outside the queue. The server just linked to it is closed if there is room for one only. The client's lock is held.
    /// </summary>
    /// <returns>Whether the server is to be handed on to others.</returns>
    internal bool Exchange(ClientSession client, ServerConnection server)
    {
        if (TryReserveBeside())
        {
            server.ReturnUnused();
            _ = Task.Run(() => OpenForAsync(client));
            return true;
        }

        LogClosing(server, "client has other startup parameters");
        server.Close(sayGoodbye: true);
        Queue.Remove(server);
        bool hasPlace;
        lock (_lock)
        {
            hasPlace = _servers.Remove(server);
            if (hasPlace)
            {
                _connecting++;
                _exchanging++;
                TellKernelOfServers();
            }
        }

        if (!hasPlace)
        {
            WaitFirst(client);
            EnsureServers();
            return false;
        }

        Registry.Counters.Count(PoolerCounter.ServerExchanged);
        _ = Task.Run(() => OpenForAsync(client));
        return false;
    }

    private bool TryReserveBeside()
    {
        lock (_lock)
        {
            if (!MayOpen(useReserve: false) || !Registry.Limits.TryAdd(this))
            {
                return false;
            }

            _connecting++;
            _exchanging++;
            TellKernelOfServers();
            return true;
        }
    }

    /// <summary>A server that has come with its client from the process before, whatever the limits say.</summary>
    internal void Adopt(ServerConnection server)
    {
        Registry.Limits.Add(this);
        lock (_lock)
        {
            _servers.Add(server);
            TellKernelOfServers();
        }
    }

    private async Task OpenForAsync(ClientSession client)
    {
        try
        {
            ServerConnection server = await Registry.Connector.ConnectAsync(this, client.Login.Startup);
            lock (_lock)
            {
                _exchanging--;
            }

            OnLoggedIn(server, client);
        }
        catch (ServerLoginException refusal)
        {
            lock (_lock)
            {
                _exchanging--;
            }

            OnOpenForFailed(client, refusal);
        }
    }

    /// <summary>A value that PostgreSQL does not take is the client's fault; anything else may pass.</summary>
    private void OnOpenForFailed(ClientSession client, ServerLoginException refusal)
    {
        if (refusal.Error.SqlState is not ['2', '2', ..] and not ['4', '2', ..] and not ['5', '5', ..])
        {
            client.WaitAgain();
            OnLoginFailed(refusal);
            return;
        }

        client.End(new SessionEndReason(refusal.Error.SqlState, refusal.Error.Message));
        lock (_lock)
        {
            _connecting--;
            TellKernelOfServers();
        }

        Registry.Limits.Remove(this);
        Registry.ServerBecameFree();
        EnsureServers();
    }

    /// <summary>Gives a server to the client it was opened for.</summary>
    private void GiveTo(ClientSession client, ServerConnection server)
    {
        if (ReasonToClose(server) is { } reason)
        {
            client.WaitAgain();
            CloseServer(server, reason);
        }
        else
        {
            HandOn(client.Accept(server));
        }
    }

    /// <summary>A server that only the mode it was opened under can use again, if any.</summary>
    private string? ReasonNotToReuse(ServerConnection server)
    {
        if (Mode != PoolMode.Session)
        {
            return server.Startup is null ? null : "database configuration changed";
        }

        return server.Served && _settings.Effective.ServerFresh ? "server_fresh" : null;
    }
}
