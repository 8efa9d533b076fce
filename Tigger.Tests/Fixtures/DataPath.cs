namespace Tigger.Tests.Fixtures;

/// <summary>Who moves the bytes of an established session; named as the setting <c>data_path</c> names it.</summary>
public enum DataPath
{
    /// <summary>The C# relay.</summary>
    User,

    /// <summary>eBPF, from socket to socket.</summary>
    Kernel,
}
