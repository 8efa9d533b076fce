using Tigger.Kernel.Calls;
using Tigger.Kernel.Interop;

namespace Tigger.Kernel;

/// <summary>Names of prepared statements, by which the programs find a statement's number and its name at the servers.</summary>
public sealed partial class KernelPath
{
    private BpfMap Names => _object.Map("names");

    /// <summary>A client's name is to be replaced; to be called before the client is armed.</summary>
    /// <param name="client">The client's slot.</param>
    /// <param name="name">1 to 63 bytes.</param>
    /// <param name="number">0 to 1023, the statement's in the pool.</param>
    /// <param name="atServers">As long as <paramref name="name"/>.</param>
    /// <returns>False: the map is full, and C# has to see each message with the name.</returns>
    public bool TryAddName(ClientKey client, ReadOnlySpan<byte> name, int number, ReadOnlySpan<byte> atServers)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(atServers.Length, name.Length);
        try
        {
            Names.Update(new NameKey(client, name), new ServerName(number, atServers));
            return true;
        }
        catch (BpfException)
        {
            return false;
        }
    }

    /// <summary>The same name is C#'s again; while C# has the client.</summary>
    public void RemoveName(ClientKey client, ReadOnlySpan<byte> name) => Names.Delete(new NameKey(client, name));
}
