using Tigger.Config;
using Tigger.Protocol;

namespace Tigger.Pooling;

/// <summary><c>target_session_attrs</c>: whether this server is one of those that are wanted.</summary>
internal sealed partial class ServerLogin
{
    /// <summary>What the server must be; <c>prefer-standby</c> is two attempts with other values.</summary>
    public TargetSessionAttrs Wanted { get; init; }

    private async Task CheckRoleAsync(CancellationToken cancellation)
    {
        if (Wanted == TargetSessionAttrs.Any)
        {
            return;
        }

        if ((await RoleAsync(cancellation)).Misfit(Wanted) is { } misfit)
        {
            throw new ServerLoginException(new ErrorFields("FATAL", SqlStates.ConnectionFailure, misfit))
            {
                IsOfThisHost = true,
                IsMisfit = true,
            };
        }
    }

    private async Task<ServerRole> RoleAsync(CancellationToken cancellation)
    {
        if (Reported("in_hot_standby") is { } standby && Reported("default_transaction_read_only") is { } readOnly)
        {
            bool inRecovery = standby == "on";
            return new ServerRole(inRecovery, inRecovery || readOnly == "on");
        }

        // Before version 14 PostgreSQL does not tell of its own accord.
        return new ServerRole(
            await AskAsync("SELECT pg_catalog.pg_is_in_recovery()", cancellation) == "t",
            await AskAsync("SHOW transaction_read_only", cancellation) == "on");
    }

    private string? Reported(string name) => _greeting.Find(known => known.Key == name).Value;

    /// <summary>The first column of the first row.</summary>
    private async Task<string> AskAsync(string query, CancellationToken cancellation)
    {
        await stream.SendAsync(QueryMessage.Build(query), cancellation);
        string answer = "";
        while (true)
        {
            (byte type, byte[] body) = await stream.ReadMessageAsync(MaximumMessage, cancellation)
                ?? throw new EndOfStreamException("server closed the connection during login");
            switch (type)
            {
                case BackendCode.DataRow:
                    answer = FirstColumn(body);
                    break;
                case BackendCode.ErrorResponse:
                    throw new ServerLoginException(ErrorFields.Parse(body));
                case BackendCode.ReadyForQuery:
                    return answer;
            }
        }
    }

    private static string FirstColumn(ReadOnlySpan<byte> row)
    {
        const int CountLength = 2;
        MessageReader reader = new(row.Length < CountLength ? default : row[CountLength..]);
        return reader.TryInt32(out int length) && length >= 0 && length <= reader.Rest.Length
            ? System.Text.Encoding.UTF8.GetString(reader.Rest[..length])
            : throw new InvalidDataException("malformed DataRow");
    }
}
