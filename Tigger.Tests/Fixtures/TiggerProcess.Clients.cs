using System.Globalization;
using Npgsql;

namespace Tigger.Tests.Fixtures;

/// <summary>Ways in.</summary>
public sealed partial class TiggerProcess
{
    /// <summary>A logged-in raw client of the database the tests call <c>db</c>.</summary>
    public async Task<RawClient> ClientAsync(
        string user = Roles.Superuser,
        string database = PoolerTest.Database,
        string? password = null,
        params (string Name, string Value)[] parameters)
    {
        var client = await RawClient.ConnectTcpAsync(Host, Port);
        try
        {
            await client.LoginAsync(user, database, password, parameters);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public async Task<AdminConsole> AdminAsync(string user = Roles.Superuser, string? password = null) =>
        new(await ClientAsync(user, AdminConsole.Database, password));

    /// <summary>RELOAD of a changed configuration; the reply tells whether it was taken.</summary>
    public async Task<QueryReply> ReloadAsync()
    {
        WriteConfig();
        await using var admin = await AdminAsync();
        return await admin.RunAsync("RELOAD");
    }

    public async Task<NpgsqlConnection> NpgsqlAsync(string options = "", string user = Roles.Superuser, string database = PoolerTest.Database)
    {
        var connection = new NpgsqlConnection(NpgsqlString(options, user, database));
        await connection.OpenAsync();
        return connection;
    }

    public string NpgsqlString(string options = "", string user = Roles.Superuser, string database = PoolerTest.Database)
    {
        // Npgsql takes the last of two equal keywords, so that a test can override these.
        var common = string.Create(
            CultureInfo.InvariantCulture,
            $"Host={Host};Port={Port};Username={user};Database={database};Pooling=false;No Reset On Close=true;Timeout=20;Command Timeout=60;");
        return common + options;
    }
}
