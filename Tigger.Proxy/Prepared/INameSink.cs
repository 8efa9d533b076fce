namespace Tigger.Prepared;

/// <summary>Who replaces a client's names without the pooler's help.</summary>
public interface INameSink
{
    /// <param name="name">A name of the client's, as long as the statement's own.</param>
    /// <param name="statement">One with a number.</param>
    /// <returns>False: there is no room for it.</returns>
    bool TryAdd(ReadOnlySpan<byte> name, PreparedStatement statement);

    void Remove(ReadOnlySpan<byte> name);
}
