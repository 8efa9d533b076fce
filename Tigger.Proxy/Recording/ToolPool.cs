using Microsoft.Extensions.Logging.Abstractions;
using Tigger.Auth;
using Tigger.Config;
using Tigger.Config.Ini;
using Tigger.Net;
using Tigger.Pooling;
using Tigger.Tls;

namespace Tigger.Recording;

/// <summary>What the commands need of the pooler to connect to one PostgreSQL, or to the console of another Tigger.</summary>
internal sealed class ToolPool : IDisposable
{
    private const string SslMode = "sslmode";

    private readonly EventLoops _loops = new(1, NullLogger.Instance);

    /// <param name="connection">A connection string: host, port, dbname, user, password, sslmode.</param>
    /// <param name="parameters">Names of parameters that are tracked besides the usual ones.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public ToolPool(string connection, IEnumerable<string> parameters)
    {
        (Target, TiggerConfig config) = Parse(connection);
        config = config with { TrackExtraParameters = [.. parameters] };
        TlsContexts tls = TlsContexts.Load(config, out TlsFault? fault) ?? throw new ArgumentException(fault!.Message);
        CredentialStore nobody = new(new Dictionary<string, UserSecret>(), config.ScramIterations);
        ServerConnector connector = new(_loops, () => nobody, NullLogger.Instance) { Tls = () => tls };
        Registry = new PoolRegistry(config, connector, TimeProvider.System, NullLogger.Instance);
        _loops.Start();
    }

    public PoolRegistry Registry { get; }

    /// <summary>Where the connection string leads.</summary>
    public DatabaseConfig Target { get; }

    public void Dispose() => _loops.Dispose();

    private static (DatabaseConfig Target, TiggerConfig Config) Parse(string connection)
    {
        DatabaseConfig target = new() { Name = "target", DataPath = DataPathMode.User, PoolSize = 1 };
        TiggerConfig config = new();
        ConfigNode node = new(ConfigNodeKind.Scalar, default) { Text = connection };
        foreach ((ConfigNode key, ConfigNode value) in ConnectionString.Parse(node) ?? throw new ArgumentException("not a connection string"))
        {
            if (key.Text == SslMode)
            {
                config = Checked(key.Text, SettingsTable.Set(config, "server_tls_sslmode", value.Text));
            }
            else if (DatabaseKeys.Table.TryFind(key.Text, out Setting<DatabaseConfig>? setting))
            {
                target = Checked(key.Text, setting.Apply(target, value.Text));
            }
            else
            {
                throw new ArgumentException($"unknown key {key.Text} in the connection string");
            }
        }

        return (target, config with { Databases = new Dictionary<string, DatabaseConfig> { [target.Name] = target } });
    }

    private static T Checked<T>(string key, Parsed<T> parsed) =>
        parsed.Ok ? parsed.Value : throw new ArgumentException($"{key}: {parsed.Error}");
}
