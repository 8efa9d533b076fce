using System.Globalization;
using Tigger.Config;
using Tigger.Pooling;

namespace Tigger.Admin.Show;

/// <summary>SHOW USERS: everybody with a secret, settings or connections, and the console's own user.</summary>
public sealed class ShowUsers : IShowCommand
{
    public string Name => "users";

    public IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List(
        "name:s pool_size:s reserve_pool_size:s pool_mode:s max_user_connections:i current_connections:i "
        + "max_user_client_connections:i current_client_connections:i");

    public void Fill(ResultTable rows, AdminContext context)
    {
        TiggerConfig config = context.Config;
        Dictionary<string, UserState> states = context.Registry.Users.ToDictionary(user => user.Name, StringComparer.Ordinal);
        foreach (string name in NamesIn(context))
        {
            UserConfig? settings = config.Users.GetValueOrDefault(name);
            UserState? state = states.GetValueOrDefault(name);
            rows.Add(
                name,
                Padded(settings?.PoolSize),
                Padded(settings?.ReservePoolSize),
                settings?.PoolMode?.Word(),
                settings?.MaxUserConnections is > 0 and var servers ? servers : config.MaxUserConnections,
                state?.ServerCount ?? 0,
                settings?.MaxUserClientConnections is > 0 and var clients ? clients : config.MaxUserClientConnections,
                state?.ClientCount ?? 0);
        }
    }

    internal static IReadOnlyCollection<string> NamesIn(AdminContext context) => new SortedSet<string>(
        [.. context.UserNames(), .. context.Config.Users.Keys, .. context.Registry.Users.Select(user => user.Name), Limits.AdminDatabase],
        StringComparer.Ordinal);

    /// <summary>PgBouncer's <c>%9d</c>, and nothing where nothing is set.</summary>
    private static string Padded(int? size) => size?.ToString(CultureInfo.InvariantCulture).PadLeft(9) ?? "";
}
