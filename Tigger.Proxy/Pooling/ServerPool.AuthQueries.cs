namespace Tigger.Pooling;

/// <summary>
/// Runs auth_query on servers of this pool, in which the database's auth_user is the user. A query is no client: it takes the
/// next server that is free, before the clients that wait.
/// </summary>
public sealed partial class ServerPool
{
    private readonly LinkedList<AuthQuery> _authQueries = [];
    private volatile LearntLogin? _learnt;

    // Their number, for a look without the lock at every server handed on; who just misses one leaves it to the janitor.
    private volatile int _authQueriesWaiting;

    /// <summary>What the pool's clients have proved lately, for logins into PostgreSQL in their name; null: it is in the credentials.</summary>
    internal LearntLogin? Learnt => _learnt;

    /// <summary>
    /// Takes what the newest login has shown, null: nothing. A key that was proved before is worth more than none, as long as the
    /// secret is the same.
    /// </summary>
    internal void Learn(LearntLogin? login)
    {
        if (login is not { ClientKey: null } || _learnt is not { ClientKey: not null } before || !login.HasSecretOf(before))
        {
            _learnt = login;
        }
    }

    /// <summary>The user, or null when the query knows none.</summary>
    /// <exception cref="AuthQueryException">It could not be run, or not in time.</exception>
    internal async Task<AuthQueryRow?> RunAsync(AuthQuery query, CancellationToken cancellation)
    {
        if (FailFast() is { } failure)
        {
            throw new AuthQueryException(FailFastText(failure));
        }

        lock (_lock)
        {
            _authQueries.AddLast(query);
            _authQueriesWaiting = _authQueries.Count;
        }

        ServeAuthQueries();
        await using CancellationTokenRegistration registration = cancellation.Register(() => Abandon(query));
        return await query.Result;
    }

    /// <summary>Gives idle servers to the queries that wait, and sees to it that there will be one. No lock may be held.</summary>
    private void ServeAuthQueries()
    {
        if (!HasAuthQueries)
        {
            return;
        }

        foreach (ServerConnection server in Queue.IdleServers)
        {
            if (HasAuthQueries && Queue.TakeIdle(server))
            {
                HandOn(server);
            }
        }

        if (HasAuthQueries)
        {
            // Those in the kernel would be lent on there.
            foreach (ServerConnection server in Servers)
            {
                server.Recall();
            }

            EnsureServers();
        }
    }

    private bool HasAuthQueries => _authQueriesWaiting > 0;

    /// <summary>Runs the next query on a server the caller owns. False: there is none.</summary>
    private bool RunAuthQuery(ServerConnection server)
    {
        if (!HasAuthQueries)
        {
            return false;
        }

        AuthQuery query;
        lock (_lock)
        {
            if (_authQueries.First is not { } first)
            {
                return false;
            }

            _authQueries.RemoveFirst();
            _authQueriesWaiting = _authQueries.Count;
            query = first.Value;
            query.Server = server;
        }

        lock (server.Sync)
        {
            if (!server.IsDead)
            {
                server.State = ServerState.Tested;
                server.BeginAuthQuery(query);
                return true;
            }
        }

        query.Fail("server conn crashed?", lostServer: true);
        Forget(server);
        return true;
    }

    /// <summary>Nobody waits for it any more: a server that runs it is closed, as it may go on for ever.</summary>
    private void Abandon(AuthQuery query)
    {
        ServerConnection? server;
        lock (_lock)
        {
            _authQueries.Remove(query);
            _authQueriesWaiting = _authQueries.Count;
            server = query.Server;
        }

        query.Fail("client_login_timeout during auth_query");
        if (server?.Abandon(query) == true)
        {
            Forget(server);
        }
    }

    private void FailAuthQueries(string reason)
    {
        AuthQuery[] waiting;
        lock (_lock)
        {
            waiting = [.. _authQueries];
            _authQueries.Clear();
            _authQueriesWaiting = 0;
        }

        foreach (AuthQuery query in waiting)
        {
            query.Fail(reason);
        }
    }
}
