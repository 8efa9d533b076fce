using Tigger.Mirroring;

namespace Tigger.Pooling;

/// <summary>Who is told of the transactions of a database.</summary>
public sealed partial class PoolRegistry
{
    /// <summary>From their next transaction on, sessions of the database report to this one as well.</summary>
    internal void Listen(DatabaseState database, TransactionSink sink)
    {
        lock (_changes)
        {
            (database.Mirrors ??= new MirrorGroup(this)).Add(sink);
        }
    }

    internal void StopListening(DatabaseState database, TransactionSink sink)
    {
        lock (_changes)
        {
            database.Mirrors?.Remove(sink);
        }
    }

    private DatabaseState NewDatabase(Config.DatabaseConfig config, bool isAuto)
    {
        DatabaseState database = new(config.Name, config, isAuto);
        ApplyMirrors(database);
        return database;
    }

    private void ApplyMirrors(DatabaseState database)
    {
        if (database.Config.IsObserved)
        {
            database.Mirrors ??= new MirrorGroup(this);
        }

        database.Mirrors?.Apply(database.Config);
    }
}
