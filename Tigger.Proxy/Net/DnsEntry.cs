using System.Net;

namespace Tigger.Net;

/// <summary>One name of the <see cref="DnsCache"/> as it is now, for display.</summary>
/// <param name="Name">As configured.</param>
/// <param name="Ttl">How long the answer is still used.</param>
/// <param name="Addresses">Empty: the last lookup failed.</param>
public sealed record DnsEntry(string Name, TimeSpan Ttl, IReadOnlyList<IPAddress> Addresses);
