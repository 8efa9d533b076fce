namespace Tigger.Admin.Show;

/// <summary>SHOW DNS_ZONES: no rows, because zones are not watched.</summary>
public sealed class ShowDnsZones : IShowCommand
{
    public string Name => "dns_zones";

    public IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List("zonename:s serial:q count:i");

    public void Fill(ResultTable rows, AdminContext context)
    {
    }
}
