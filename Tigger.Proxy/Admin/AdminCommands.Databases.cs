using Tigger.Config;
using Tigger.Control;
using Tigger.Pooling;

namespace Tigger.Admin;

/// <summary>Commands that name a database, or mean all by naming none.</summary>
public sealed partial class AdminCommands
{
    private async Task<AdminOutcome> RunOnDatabaseAsync(AdminStatement statement, CancellationToken cancellation)
    {
        AdminVerb verb = statement.Verb;
        if (WhyNotDatabase(statement, out DatabaseState? database) is { } refusal)
        {
            return Refuse(refusal);
        }

        string? error = null;
        switch (verb)
        {
            case AdminVerb.Pause:
                error = await context.Control.PauseAsync(database, cancellation);
                break;
            case AdminVerb.Resume when !context.Control.TryResume(database, out string whyNot):
            case AdminVerb.Kill when !context.Control.TryKill(database, out whyNot):
                error = whyNot;
                break;
            case AdminVerb.Reconnect:
                context.Control.Reconnect(database);
                break;
            case AdminVerb.WaitClose:
                await context.Control.WaitCloseAsync(database, cancellation);
                break;
            case AdminVerb.Disable or AdminVerb.Enable:
                PoolerControl.SetDisabled(database!, verb == AdminVerb.Disable);
                break;
        }

        return Finish(verb, error);
    }

    /// <summary>The database a command names; null when it names none. Returns why the command cannot be, or null.</summary>
    private string? WhyNotDatabase(AdminStatement statement, out DatabaseState? database)
    {
        database = null;
        string name = statement.Argument;
        if (name.Length == 0)
        {
            return statement.Verb is AdminVerb.Disable or AdminVerb.Enable ? "a database is required" : null;
        }

        if (name == Limits.AdminDatabase)
        {
            return WhyNotConsole(statement.Verb);
        }

        // What ends a pause only concerns databases there are; the other commands may be the first to name an automatic one.
        database = statement.Verb is AdminVerb.Resume or AdminVerb.Enable
            ? context.Registry.Databases.FirstOrDefault(known => known.Name == name)
            : context.Registry.FindDatabase(name);
        return database is null ? $"no such database: {name}" : null;
    }

    private static string WhyNotConsole(AdminVerb verb) => verb switch
    {
        AdminVerb.Resume => $"database {Limits.AdminDatabase} is not paused",
        AdminVerb.WaitClose => $"cannot wait in admin db: {Limits.AdminDatabase}",
        _ => $"cannot {verb.ToString().ToLowerInvariant()} admin db: {Limits.AdminDatabase}",
    };
}
