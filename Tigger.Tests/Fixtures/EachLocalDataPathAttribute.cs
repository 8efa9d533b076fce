namespace Tigger.Tests.Fixtures;

/// <summary>
/// Rows for the data paths with everybody on this host: for what does not depend on where clients and servers are (login,
/// configuration, the console) and for what cannot be there remotely (Unix sockets, loopback addresses, drivers that make their
/// own sockets).
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class EachLocalDataPathAttribute(params object[] arguments) : EachDataPathAttribute(arguments)
{
    protected override IEnumerable<DataPath> Paths => DataPaths.Local;
}
