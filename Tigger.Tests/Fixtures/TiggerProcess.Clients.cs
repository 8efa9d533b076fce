using System.Globalization;
using Npgsql;

namespace Tigger.Tests.Fixtures;

/// <summary>Ways in.</summary>
public sealed partial class TiggerProcess
{
    /// <summary>A connection from where the clients are, with nothing said on it yet.</summary>
    public Task<RawClient> ConnectAsync() => RawClient.ConnectTcpAsync(Host, Port, Topology.Clients);

    /// <summary>Sends a CancelRequest on a connection of its own and waits until it is answered by a hang-up.</summary>
    public async Task CancelAsync(int pid, byte[] secret)
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(Frontend.Cancel(pid, secret));
        Assert.Empty(await client.ReadToEndAsync());
    }

    /// <summary>psql, pgbench or their like, run from where the clients are; where to connect to is added.</summary>
    public Task<ToolResult> RunToolAsync(
        string program, IEnumerable<string> arguments, TimeSpan? limit = null, string user = Roles.Superuser, string database = PoolerTest.Database) =>
        PgTools.RunAsync(program, [.. arguments, "-h", Host, "-p", $"{Port}", "-U", user, database], limit, from: Topology.Clients);

    /// <summary>A logged-in raw client of the database the tests call <c>db</c>.</summary>
    public async Task<RawClient> ClientAsync(
        string user = Roles.Superuser,
        string database = PoolerTest.Database,
        string? password = null,
        params (string Name, string Value)[] parameters)
    {
        var client = await ConnectAsync();
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

    /// <summary>The same over TLS, as the superuser.</summary>
    public async Task<RawClient> EncryptedClientAsync(string database = PoolerTest.Database)
    {
        var client = await ConnectAsync();
        try
        {
            await client.AskForTlsAsync();
            await client.LoginAsync(Roles.Superuser, database);
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
