using System.Net;
using Tigger.Net;

namespace Tigger.Admin.Show;

/// <summary>SHOW DNS_HOSTS: the host names that were looked up. As in PgBouncer addresses have port 0.</summary>
public sealed class ShowDnsHosts : IShowCommand
{
    public string Name => "dns_hosts";

    public IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List("hostname:s ttl:q addrs:s");

    public void Fill(ResultTable rows, AdminContext context)
    {
        foreach (DnsEntry entry in context.Registry.Names.Entries)
        {
            rows.Add(entry.Name, (long)entry.Ttl.TotalSeconds, string.Join(',', entry.Addresses.Select(one => new IPEndPoint(one, 0))));
        }
    }
}
