using Tigger.Protocol;

namespace Tigger.Sessions;

/// <summary>
/// A client that asks for replication, and its startup parameters: its server is logged into with them as they are.
/// </summary>
/// <param name="Mode">Never <see cref="ReplicationMode.None"/>.</param>
/// <param name="Parameters">All but user and database.</param>
public sealed record ReplicationStartup(ReplicationMode Mode, IReadOnlyList<KeyValuePair<string, string>> Parameters)
{
    internal const string ParameterName = "replication";

    /// <summary>Null: an ordinary client.</summary>
    /// <exception cref="LoginException">The parameter's value is none.</exception>
    internal static ReplicationStartup? From(StartupMessage message)
    {
        if (message[ParameterName] is not { } value || ModeOf(value) is not (not ReplicationMode.None and var mode))
        {
            return null;
        }

        return new ReplicationStartup(mode, [.. message.Parameters.Where(one => one.Key is not ("user" or "database"))]);
    }

    /// <summary>As PostgreSQL reads it: <c>database</c>, or a boolean that may be shortened.</summary>
    private static ReplicationMode ModeOf(string value)
    {
        if (value == "database")
        {
            return ReplicationMode.Logical;
        }

        string text = value.ToLowerInvariant();
        if (text == "1" || Abbreviates("true") || Abbreviates("yes") || Abbreviates("on", atLeast: 2))
        {
            return ReplicationMode.Physical;
        }

        return text == "0" || Abbreviates("false") || Abbreviates("no") || Abbreviates("off", atLeast: 2)
            ? ReplicationMode.None
            : throw new LoginException(SqlStates.InvalidParameterValue, $"invalid value for parameter \"{ParameterName}\": \"{value}\"");

        bool Abbreviates(string word, int atLeast = 1) => text.Length >= atLeast && word.StartsWith(text, StringComparison.Ordinal);
    }
}
