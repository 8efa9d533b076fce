using System.Globalization;

namespace Tigger.Tests.Fixtures;

/// <summary>A row of SHOW KERNEL: where the servers of a pool are.</summary>
public sealed record KernelPool(
    string Database, string User, string Path, string Reason, int Servers, int Idle, int Linked, int Granted, int UserSpace, int Clients, int Waiting)
{
    public bool InKernel => Path == "kernel";

    /// <summary>Every server is somewhere.</summary>
    public bool Adds => Servers == Idle + Linked + Granted + UserSpace;

    /// <summary>Nobody works and nobody waits.</summary>
    public bool Quiet => Linked + Granted + UserSpace + Waiting == 0;

    public static KernelPool Of(IReadOnlyDictionary<string, string?> row)
    {
        return new(
            row["database"]!, row["user"]!, row["path"]!, row["reason"] ?? "", Number("servers"), Number("idle"), Number("linked"), Number("granted"),
            Number("user_space"), Number("clients"), Number("waiting"));

        int Number(string column) => int.Parse(row[column]!, CultureInfo.InvariantCulture);
    }
}
