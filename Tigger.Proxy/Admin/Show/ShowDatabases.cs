using Tigger.Config;
using Tigger.Pooling;

namespace Tigger.Admin.Show;

/// <summary>SHOW DATABASES: where each database is, its limits, and what was done to it.</summary>
public sealed class ShowDatabases : IShowCommand
{
    public string Name => "databases";

    public IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List(
        "name:s host:s port:i database:s force_user:s pool_size:i min_pool_size:i reserve_pool_size:i server_lifetime:i pool_mode:s "
        + "load_balance_hosts:s max_connections:i current_connections:i max_client_connections:i current_client_connections:i "
        + "paused:i disabled:i");

    public void Fill(ResultTable rows, AdminContext context)
    {
        List<object?[]> all = [ConsoleRow(context), .. context.Registry.Databases.Select(database => Row(context.Config, database))];
        foreach (object?[] row in all.OrderBy(row => (string)row[0]!, StringComparer.Ordinal))
        {
            rows.Add(row);
        }
    }

    private static object?[] Row(TiggerConfig config, DatabaseState state)
    {
        DatabaseConfig database = state.Config;
        EffectiveSettings settings = EffectiveSettings.For(config, database, user: null);
        return
        [
            state.Name,
            database.Host.Count == 0 ? null : database.Host.ToString(),
            database.Port,
            database.ServerDbName,
            database.User,
            settings.PoolSize,
            database.MinPoolSize ?? config.MinPoolSize,
            settings.ReservePoolSize,
            (int)settings.ServerLifetime.TotalSeconds,
            database.PoolMode?.Word(),
            Words.LoadBalancing(database),
            settings.MaxDbConnections,
            state.ServerCount,
            settings.MaxDbClientConnections,
            state.ClientCount,
            state.IsPaused,
            state.IsDisabled,
        ];
    }

    /// <summary>The console as PgBouncer shows its own.</summary>
    private static object?[] ConsoleRow(AdminContext context)
    {
        const int PoolSize = 2;
        TiggerConfig config = context.Config;
        return
        [
            Limits.AdminDatabase, null, config.ListenPort, Limits.AdminDatabase, Limits.AdminDatabase, PoolSize, config.MinPoolSize,
            config.ReservePoolSize, (int)config.ServerLifetime.TotalSeconds, PoolMode.Statement.Word(), null, config.MaxDbConnections, 0,
            config.MaxDbClientConnections, context.Admins.Count, false, false,
        ];
    }
}
