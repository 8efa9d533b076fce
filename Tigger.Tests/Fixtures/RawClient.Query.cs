namespace Tigger.Tests.Fixtures;

/// <summary>Whole questions and answers.</summary>
public sealed partial class RawClient
{
    public async Task<QueryReply> QueryAsync(string sql, TimeSpan? timeout = null)
    {
        await SendAsync(Frontend.Query(sql));
        return await ReadReplyAsync(timeout);
    }

    /// <summary>One value of a query that must succeed.</summary>
    public async Task<string?> ScalarAsync(string sql) => (await QueryAsync(sql)).Succeeded().Scalar;

    public async Task<int> BackendPidAsync() => int.Parse((await ScalarAsync("SELECT pg_backend_pid()"))!, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>An unnamed statement by extended protocol, ended by Sync.</summary>
    public async Task<QueryReply> ExtendedAsync(string sql, params string?[] values)
    {
        await SendAsync(Frontend.Concat(Frontend.Run(sql, values), Frontend.Sync));
        return await ReadReplyAsync();
    }

    public async Task<QueryReply> ReadReplyAsync(TimeSpan? timeout = null)
    {
        var messages = new List<BackendMessage>();
        do
        {
            messages.Add(await ReadAsync(timeout));
            if (messages[^1].Type == 'S')
                Remember(messages[^1]);
        }
        while (messages[^1].Type != 'Z');
        return new(messages);
    }

    public async Task<IReadOnlyList<QueryReply>> ReadRepliesAsync(int count)
    {
        var replies = new List<QueryReply>();
        while (replies.Count < count)
            replies.Add(await ReadReplyAsync());
        return replies;
    }

    /// <summary>Says goodbye and waits until the other side has hung up.</summary>
    public async Task CloseAsync()
    {
        await SendAsync(Frontend.Terminate);
        await ReadToEndAsync();
        await DisposeAsync();
    }
}
