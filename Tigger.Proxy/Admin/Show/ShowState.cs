namespace Tigger.Admin.Show;

/// <summary>SHOW STATE: whether the process as a whole works.</summary>
public sealed class ShowState : IShowCommand
{
    public string Name => "state";

    public IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List("key:s value:s");

    public void Fill(ResultTable rows, AdminContext context)
    {
        bool suspended = context.Sessions.IsSuspended;
        bool paused = context.Registry.IsPaused;
        rows.Add("active", YesNo(!suspended && !paused));
        rows.Add("paused", YesNo(paused));
        rows.Add("suspended", YesNo(suspended));
    }

    private static string YesNo(bool value) => value ? "yes" : "no";
}
