using static Tigger.Config.SettingFactory<Tigger.Config.UserConfig>;

namespace Tigger.Config;

/// <summary>The keys of an entry of <c>users</c>.</summary>
public static class UserKeys
{
    public static KeyTable<UserConfig> Table { get; } = new(
    [
        Password("password", u => u.Password, (u, v) => u with { Password = v }, "Plain password, md5 hash or SCRAM secret; not set = the one in auth_file.").OwnToTigger(),
        OptCount("pool_size", u => u.PoolSize, (u, v) => u with { PoolSize = v }, "Overrides the pool size of database and default_pool_size."),
        OptCount("reserve_pool_size", u => u.ReservePoolSize, (u, v) => u with { ReservePoolSize = v }, "Overrides reserve_pool_size."),
        OptChoice("pool_mode", Choices.PoolModes, u => u.PoolMode, (u, v) => u with { PoolMode = v }, "Overrides pool_mode."),
        OptCount("max_user_connections", u => u.MaxUserConnections, (u, v) => u with { MaxUserConnections = v }, "Overrides max_user_connections."),
        OptSeconds("query_timeout", u => u.QueryTimeout, (u, v) => u with { QueryTimeout = v }, "Overrides query_timeout."),
        OptSeconds("query_wait_timeout", u => u.QueryWaitTimeout, (u, v) => u with { QueryWaitTimeout = v }, "Overrides query_wait_timeout; 0 = no limit."),
        OptSeconds("idle_transaction_timeout", u => u.IdleTransactionTimeout, (u, v) => u with { IdleTransactionTimeout = v }, "Overrides idle_transaction_timeout."),
        OptSeconds("transaction_timeout", u => u.TransactionTimeout, (u, v) => u with { TransactionTimeout = v }, "Overrides transaction_timeout."),
        OptSeconds("client_idle_timeout", u => u.ClientIdleTimeout, (u, v) => u with { ClientIdleTimeout = v }, "Overrides client_idle_timeout."),
        OptCount("max_user_client_connections", u => u.MaxUserClientConnections, (u, v) => u with { MaxUserClientConnections = v }, "Overrides max_user_client_connections."),
    ]);
}
