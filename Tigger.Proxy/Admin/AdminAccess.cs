using Tigger.Admin.Show;
using Tigger.Sessions;

namespace Tigger.Admin;

/// <summary>Which statements a user of the console may give.</summary>
public static class AdminAccess
{
    /// <summary>
    /// Checked for every statement in one place: PgBouncer had its check once per command, and one was missing
    /// (CVE-2026-6667).
    /// </summary>
    public static bool Allows(AdminLevel level, AdminStatement statement) => level switch
    {
        AdminLevel.Admin => true,
        AdminLevel.Stats => IsHarmless(statement),
        _ => false,
    };

    private static bool IsHarmless(AdminStatement statement) => statement.Verb switch
    {
        // What cannot be run may be refused with its own error.
        AdminVerb.Empty or AdminVerb.Invalid or AdminVerb.BadArguments or AdminVerb.Probe or AdminVerb.Harmless => true,
        AdminVerb.Show => !ShowCommands.NeedsAdmin(statement.Argument),
        AdminVerb.Set => FakeParameters.Contains(statement.Argument),
        _ => false,
    };
}
