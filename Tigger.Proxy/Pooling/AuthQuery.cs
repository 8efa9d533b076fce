using Tigger.Protocol;

namespace Tigger.Pooling;

/// <summary>One run of auth_query for one user: what is sent to the server that runs it, and the way to whoever waits.</summary>
internal sealed class AuthQuery(string sql, string user)
{
    private readonly TaskCompletionSource<AuthQueryRow?> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The user; null: the query knows none. Fails with <see cref="AuthQueryException"/>.</summary>
    public Task<AuthQueryRow?> Result => _result.Task;

    /// <summary>The server that runs it; null: it waits for one. Set by the pool once.</summary>
    public ServerConnection? Server { get; set; }

    /// <summary>What it has answered so far.</summary>
    public AuthQueryReply Reply { get; } = new();

    public void Complete() => _result.TrySetResult(Reply.Row);

    public void Fail(string reason, bool lostServer = false) => _result.TrySetException(new AuthQueryException(reason, lostServer));

    /// <summary>
    /// The query in the extended protocol, the user's name as its parameter and never as a part of its text. A server that
    /// clients have used may stand on a search_path of theirs: there the query runs with the role's own (CVE-2025-12819 was
    /// PgBouncer running it with the one in a StartupMessage).
    /// </summary>
    public byte[] Build(bool servedClients)
    {
        MessageWriter writer = new();
        if (servedClients)
        {
            Write(writer, "BEGIN");
            Write(writer, "SET LOCAL search_path TO DEFAULT");
        }

        Write(writer, sql, user);
        if (servedClients)
        {
            Write(writer, "COMMIT");
        }

        return writer.Begin(FrontendCode.Sync).End().ToArray();
    }

    private static void Write(MessageWriter writer, string statement, string? parameter = null)
    {
        writer.Begin(FrontendCode.Parse).Byte(0).CString(statement).Int16(0).End();
        writer.Begin(FrontendCode.Bind).Byte(0).Byte(0).Int16(0);
        if (parameter is null)
        {
            writer.Int16(0);
        }
        else
        {
            writer.Int16(1).Int32(System.Text.Encoding.UTF8.GetByteCount(parameter)).Text(parameter);
        }

        writer.Int16(0).End();
        if (parameter is not null)
        {
            writer.Begin(FrontendCode.Describe).Byte((byte)'P').Byte(0).End();
        }

        writer.Begin(FrontendCode.Execute).Byte(0).Int32(0).End();
    }
}
