using Microsoft.Extensions.Logging;
using Tigger.Auth;
using Tigger.Config;
using Tigger.Pooling;

namespace Tigger.Sessions;

/// <summary>
/// Finds the user a client says it is: in auth_file and the configuration, else with auth_query on a server of auth_user, for
/// which neither the client's startup parameters nor its database's forced user count.
/// </summary>
internal sealed partial class UserLookup(PoolRegistry registry, Func<CredentialStore> credentials, ILogger logger)
{
    private readonly AuthQueryCache _cache = new(registry.Clock);
    private volatile bool _foundScram = true;

    /// <summary>
    /// What a user nobody knows has to look like with auth_type md5: as the others do, or the method itself would tell them
    /// apart. With auth_query the others are those found last; before there are any, what PostgreSQL gives new users.
    /// </summary>
    public bool LooksLikeScram(string database) => UsesAuthQuery(database) ? _foundScram : credentials().AllAreScram;

    /// <param name="database">The one the client asks for, which need not exist.</param>
    /// <param name="user">The name given.</param>
    /// <param name="mayBeCached">An answer of auth_query of a moment ago will do.</param>
    /// <param name="cancellation">The client waits no more.</param>
    /// <exception cref="LoginException">auth_query cannot be run.</exception>
    public async Task<FoundUser> FindAsync(string database, string user, bool mayBeCached, CancellationToken cancellation)
    {
        UserSecret? known = credentials().Find(user);
        if ((known is not null && !ReferenceEquals(known, UserSecret.Elsewhere)) || !UsesAuthQuery(database))
        {
            return new FoundUser(user, known);
        }

        EffectiveSettings settings = SettingsOf(database)!;
        string authDatabase = settings.AuthDbname ?? database;
        AuthQueryKey key = new(authDatabase, settings.AuthUser!, settings.AuthQuery, user);
        if (mayBeCached && _cache.Find(key, registry.Config.AuthQueryCacheTtl) is { } answer)
        {
            return new FoundUser(answer.Name, answer.Secret, IsDynamic: true, IsCached: true);
        }

        ServerPool pool = FindPool(authDatabase, settings.AuthUser!);
        try
        {
            AuthQueryRow? found = await _cache.AskAsync(key, () => AskAsync(pool, key)).WaitAsync(cancellation);
            if (found is null)
            {
                return new FoundUser(user, null);
            }

            _foundScram = found.Secret.Kind == SecretKind.None ? _foundScram : found.Secret.Kind == SecretKind.Scram;
            return new FoundUser(found.Name, found.Secret, IsDynamic: true);
        }
        catch (AuthQueryException fault)
        {
            LogFailed(logger, pool.Name, fault.Message);
            throw ConfigError();
        }
    }

    private bool UsesAuthQuery(string database) => SettingsOf(database) is { AuthUser: not null, AuthQuery.Length: > 0 };

    /// <summary>Null: there is no such database, and nothing is asked about its users.</summary>
    private EffectiveSettings? SettingsOf(string database)
    {
        TiggerConfig config = registry.Config;
        DatabaseConfig? found = ClientLogin.IsAdminDatabase(database) ? new DatabaseConfig { Name = database } : config.FindDatabase(database);
        return found is null ? null : EffectiveSettings.For(config, found, user: null);
    }

    private ServerPool FindPool(string authDatabase, string authUser)
    {
        if (ClientLogin.IsAdminDatabase(authDatabase))
        {
            LogReserved(logger, authDatabase);
            throw ConfigError();
        }

        if (registry.FindDatabase(authDatabase) is not { } database)
        {
            LogNotConfigured(logger, authDatabase);
            throw ConfigError();
        }

        return database.IsDisabled
            ? throw new LoginException($"authentication database \"{authDatabase}\" is disabled")
            : registry.GetPoolOf(database, authUser);
    }

    /// <summary>Runs the query; once more if an old server turned out to be gone.</summary>
    private async Task<AuthQueryRow?> AskAsync(ServerPool pool, AuthQueryKey key)
    {
        using CancellationTokenSource deadline = new();
        if (registry.Config.ClientLoginTimeout > TimeSpan.Zero)
        {
            deadline.CancelAfter(registry.Config.ClientLoginTimeout);
        }

        try
        {
            return await pool.RunAsync(new AuthQuery(key.Query, key.User), deadline.Token);
        }
        catch (AuthQueryException fault) when (fault.LostServer)
        {
            return await pool.RunAsync(new AuthQuery(key.Query, key.User), deadline.Token);
        }
    }

    /// <summary>All a client may know before it has logged in; the log has the rest.</summary>
    private static LoginException ConfigError() => new("bouncer config error");

    [LoggerMessage(2110, LogLevel.Error, "{Pool}: auth_query failed: {Reason}")]
    private static partial void LogFailed(ILogger logger, string pool, string reason);

    [LoggerMessage(2111, LogLevel.Error, "authentication database \"{Database}\" is not configured.")]
    private static partial void LogNotConfigured(ILogger logger, string database);

    [LoggerMessage(2112, LogLevel.Error, "cannot use the reserved \"{Database}\" database as an auth_dbname")]
    private static partial void LogReserved(ILogger logger, string database);
}
