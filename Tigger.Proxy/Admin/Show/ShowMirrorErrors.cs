using Tigger.Mirroring;
using Tigger.Pooling;

namespace Tigger.Admin.Show;

/// <summary>
/// SHOW MIRROR_ERRORS, Tigger's own: the forms of transactions that went otherwise on a mirror, those seen last first. A sample:
/// see <see cref="MirrorDifferences"/>. Statements have no literals.
/// </summary>
public sealed class ShowMirrorErrors : IShowCommand
{
    public string Name => "mirror_errors";

    public IReadOnlyList<ResultColumn> Columns { get; } =
        ResultColumn.List("database:s mirror:s primary_sqlstate:s mirror_sqlstate:s count:q last_seen:s statements:s");

    public void Fill(ResultTable rows, AdminContext context)
    {
        foreach (DatabaseState database in context.Registry.Databases)
        {
            foreach (Mirror mirror in database.Mirrors?.Mirrors ?? [])
            {
                foreach (MirrorDifference one in mirror.Counts.Differences.All)
                {
                    rows.Add(
                        database.Name, mirror.Config.Name, one.Primary ?? "", one.Mirror ?? "", one.Count,
                        Words.Time(one.LastSeen), one.Fingerprint);
                }
            }
        }
    }
}
