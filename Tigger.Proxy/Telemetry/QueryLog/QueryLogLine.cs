using System.Text.Json;
using Tigger.Mirroring;

namespace Tigger.Telemetry.QueryLog;

/// <summary>A transaction as a JSON object.</summary>
internal static class QueryLogLine
{
    private static readonly JsonEncodedText Time = JsonEncodedText.Encode("time");
    private static readonly JsonEncodedText DatabaseName = JsonEncodedText.Encode("database");
    private static readonly JsonEncodedText User = JsonEncodedText.Encode("user");
    private static readonly JsonEncodedText Client = JsonEncodedText.Encode("client");
    private static readonly JsonEncodedText Address = JsonEncodedText.Encode("client_addr");
    private static readonly JsonEncodedText Transaction = JsonEncodedText.Encode("transaction");
    private static readonly JsonEncodedText Server = JsonEncodedText.Encode("server_pid");
    private static readonly JsonEncodedText Path = JsonEncodedText.Encode("path");
    private static readonly JsonEncodedText Duration = JsonEncodedText.Encode("duration_ms");
    private static readonly JsonEncodedText Busy = JsonEncodedText.Encode("busy_ms");
    private static readonly JsonEncodedText Rows = JsonEncodedText.Encode("rows");
    private static readonly JsonEncodedText Received = JsonEncodedText.Encode("bytes_received");
    private static readonly JsonEncodedText Sent = JsonEncodedText.Encode("bytes_sent");
    private static readonly JsonEncodedText SqlState = JsonEncodedText.Encode("sqlstate");
    private static readonly JsonEncodedText Statement = JsonEncodedText.Encode("statement");

    private static readonly JsonEncodedText[] Paths =
        [JsonEncodedText.Encode("user"), JsonEncodedText.Encode("kernel"), JsonEncodedText.Encode("both")];

    /// <summary>Writes it without the end of the line.</summary>
    public static void Write(Utf8JsonWriter writer, string database, MirrorTransaction transaction, TimeProvider clock)
    {
        TransactionOutcome outcome = transaction.Outcome;
        writer.WriteStartObject();
        writer.WriteString(Time, Microseconds(clock.GetUtcNow() - clock.GetElapsedTime(outcome.StartedAt)));
        writer.WriteString(DatabaseName, database);
        writer.WriteString(User, transaction.Source.User);
        writer.WriteNumber(Client, transaction.Source.Client);
        writer.WriteString(Address, transaction.Source.Address);
        writer.WriteNumber(Transaction, transaction.Sequence);
        if (outcome.Backend != 0)
        {
            writer.WriteNumber(Server, outcome.Backend);
        }

        writer.WriteString(Path, Paths[(int)outcome.Path]);
        writer.WriteNumber(Duration, Milliseconds(clock.GetElapsedTime(outcome.StartedAt, outcome.EndedAt)));
        writer.WriteNumber(Busy, Milliseconds(clock.GetElapsedTime(0, outcome.BusyTime)));
        writer.WriteNumber(Rows, outcome.Rows);
        writer.WriteNumber(Received, transaction.Length);
        writer.WriteNumber(Sent, outcome.ReplyBytes);
        if (outcome.SqlState is { } state)
        {
            writer.WriteString(SqlState, state);
        }

        writer.WriteString(Statement, Fingerprint.Of(transaction));
        writer.WriteEndObject();
    }

    private static DateTime Microseconds(DateTimeOffset time) =>
        new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);

    private static decimal Milliseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond / 1000m;
}
