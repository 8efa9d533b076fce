namespace Tigger.Admin.Show;

/// <summary>One SHOW command that answers with rows. Columns are PgBouncer's, in its order.</summary>
public interface IShowCommand
{
    /// <summary>What stands behind SHOW, in lower case.</summary>
    string Name { get; }

    IReadOnlyList<ResultColumn> Columns { get; }

    /// <summary>Whether stats users are refused.</summary>
    bool NeedsAdmin => false;

    void Fill(ResultTable rows, AdminContext context);
}
