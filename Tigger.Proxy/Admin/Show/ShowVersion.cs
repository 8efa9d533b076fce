namespace Tigger.Admin.Show;

/// <summary>SHOW VERSION: the PgBouncer release that tools may take this for.</summary>
public sealed class ShowVersion : IShowCommand
{
    public string Name => "version";

    public IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List("version:s");

    public void Fill(ResultTable rows, AdminContext context) => rows.Add($"PgBouncer {AdminContext.PgBouncerVersion}");
}
