using Tigger.Kernel;
using Tigger.Kernel.Calls;
using Tigger.Prepared;

namespace Tigger.Handover;

/// <summary>One client's names of prepared statements where the programs find them.</summary>
internal sealed class KernelNames(KernelPath path, ClientKey client) : INameSink
{
    public bool TryAdd(ReadOnlySpan<byte> name, PreparedStatement statement) =>
        path.TryAddName(client, name, statement.Number, statement.ServerName);

    public void Remove(ReadOnlySpan<byte> name) => path.RemoveName(client, name);
}
