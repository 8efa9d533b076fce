using Tigger.Prepared;

namespace Tigger.Mirroring;

/// <summary>A statement on one connection to a mirror.</summary>
/// <param name="statement">The statement.</param>
/// <param name="table">Where the connection holds it.</param>
internal sealed class MirrorStatement(PreparedStatement statement, StatementTable table)
{
    public PreparedStatement Statement { get; } = statement;

    public StatementTable Table { get; } = table;

    /// <summary>A Parse has been sent.</summary>
    public bool IsPrepared { get; set; }

    /// <summary>Something in a transaction that used it has failed: it may be there or not.</summary>
    public bool Doubt { get; set; }

    /// <summary>The present transaction uses it.</summary>
    public bool IsUsed { get; set; }

    /// <summary>The batch of the present transaction that prepares it; null: none does.</summary>
    public int? PreparedIn { get; set; }

    /// <summary>Whether a message of that batch cannot count on it. Asked before a Parse: the doubt is over with that.</summary>
    public bool IsInDoubt(int batch)
    {
        bool doubt = Doubt || (PreparedIn is { } earlier && earlier != batch);
        Doubt = false;
        return doubt;
    }
}
