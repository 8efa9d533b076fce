namespace Tigger.Admin.Show;

/// <summary>SHOW DNS_HOSTS: no rows, because names are left to the system's resolver and its cache.</summary>
public sealed class ShowDnsHosts : IShowCommand
{
    public string Name => "dns_hosts";

    public IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List("hostname:s ttl:q addrs:s");

    public void Fill(ResultTable rows, AdminContext context)
    {
    }
}
