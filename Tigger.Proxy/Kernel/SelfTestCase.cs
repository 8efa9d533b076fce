namespace Tigger.Kernel;

/// <summary>One capability of the kernel, and how it is measured.</summary>
/// <param name="Name">A few words.</param>
/// <param name="Measure">Returns what was seen; throws when it is not what the data path relies on.</param>
/// <param name="IsForRemoteServers">Only pools whose PostgreSQL is on another host need it.</param>
internal sealed record SelfTestCase(string Name, Func<SelfTest, string> Measure, bool IsForRemoteServers = false);
