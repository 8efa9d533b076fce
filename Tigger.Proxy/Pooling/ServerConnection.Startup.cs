using Tigger.Sessions;

namespace Tigger.Pooling;

/// <summary>What the session of this server goes back to at RESET and DISCARD ALL.</summary>
public sealed partial class ServerConnection
{
    /// <summary>The client's parameters it was opened with; null: none, the pool's own.</summary>
    internal SessionStartup? Startup { get; init; }

    /// <summary>Values of the tracked parameters at its login: the reset values.</summary>
    internal ParameterProfile AtLogin { get; }

    /// <summary>Nobody has changed its tracked parameters, or the reset query has undone it.</summary>
    internal bool IsAsAtLogin => Pool.Tracked.Difference(Parameters, AtLogin) is null;

    /// <summary>
    /// Number of what a client must have asked to get this server from the programs. With session pooling that is also what
    /// it was opened with; one whose reset values are not its values is for C# to lend.
    /// </summary>
    internal ulong LendingProfile => Pool.Mode != Config.PoolMode.Session ? KernelProfile
        : KernelProfile != 0 && IsAsAtLogin ? Parameters.NumberWith(Startup?.OthersText ?? "")
        : 0;

    /// <summary>Whether the reset values are those of a backend opened for this client.</summary>
    internal bool Suits(SessionLogin client)
    {
        if (client.Startup.OthersText != (Startup?.OthersText ?? ""))
        {
            return false;
        }

        for (int i = 0; i < Pool.Tracked.Names.Count; i++)
        {
            string? asked = client.Startup.Asked[i];
            string? opened = Startup?.Asked[i];

            // PostgreSQL may spell a value otherwise than the client does, and change its own defaults.
            bool isSame = asked == opened || AtLogin[i] == (asked ?? client.Parameters[i]);
            if (!isSame)
            {
                return false;
            }
        }

        return true;
    }
}
