using System.Globalization;
using Npgsql;

namespace Tigger.Top;

/// <summary>A client of the admin console, of this or another host. One command at a time.</summary>
internal sealed class AdminClient : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;

    private AdminClient(NpgsqlDataSource source, NpgsqlConnection connection)
    {
        _source = source;
        _connection = connection;
    }

    /// <summary>Host and port of the console.</summary>
    public string Address => $"{_connection.Host}:{_connection.Port}";

    /// <exception cref="NpgsqlException">It cannot be reached, or does not let this user in.</exception>
    public static async Task<AdminClient> ConnectAsync(NpgsqlConnectionStringBuilder address)
    {
        NpgsqlDataSourceBuilder builder = new(address.ConnectionString);

        // The console has no catalog to learn types from.
        NpgsqlDataSource source = builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false)).Build();
        try
        {
            return new AdminClient(source, await source.OpenConnectionAsync());
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>The rows of a SHOW command: values by the names of columns, null, whole numbers or text.</summary>
    /// <exception cref="NpgsqlException">The console refused, or is gone.</exception>
    public async Task<IReadOnlyList<AdminRow>> ShowAsync(string what)
    {
        await using NpgsqlCommand command = new($"SHOW {what}", _connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<AdminRow> rows = [];
        while (await reader.ReadAsync())
        {
            Dictionary<string, object?> values = [];
            for (int i = 0; i < reader.FieldCount; i++)
            {
                values[reader.GetName(i)] = reader.IsDBNull(i) ? null : Plain(reader.GetValue(i));
            }

            rows.Add(new AdminRow(values));
        }

        return rows;
    }

    /// <summary>Runs a command to its end, however long that takes.</summary>
    /// <exception cref="NpgsqlException">The console refused, or is gone.</exception>
    public async Task RunAsync(string sql)
    {
        await using NpgsqlCommand command = new(sql, _connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _source.DisposeAsync();
    }

    private static object Plain(object value) => value switch
    {
        string text => text,
        byte[] bytes => Convert.ToHexStringLower(bytes),
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };
}
