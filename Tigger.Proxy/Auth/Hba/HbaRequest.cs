using System.Net;

namespace Tigger.Auth.Hba;

/// <summary>A login as the rules see it.</summary>
/// <param name="Address">Where the client is; null: it came over a unix socket.</param>
/// <param name="IsEncrypted">The connection is encrypted (TLS).</param>
/// <param name="IsPhysicalReplication">It asks for physical replication, which only the keyword <c>replication</c> matches.</param>
/// <param name="Database">Name asked for.</param>
/// <param name="User">Name given.</param>
public readonly record struct HbaRequest(
    IPAddress? Address, bool IsEncrypted, bool IsPhysicalReplication, string Database, string User);
