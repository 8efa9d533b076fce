using System.Collections;
using System.Runtime.CompilerServices;

namespace Tigger.Config;

/// <summary>
/// An immutable list that is equal to another with equal items. Records compare their properties with Equals, and a
/// reload must not mistake an unchanged host list for a changed one.
/// </summary>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Create))]
public sealed class ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    private readonly T[] _items;

    internal ValueList(ReadOnlySpan<T> items) => _items = items.ToArray();

    public int Count => _items.Length;

    public T this[int index] => _items[index];

    public bool Equals(ValueList<T>? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in _items)
            hash.Add(item);
        return hash.ToHashCode();
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    /// <summary>The items as PgBouncer writes lists: separated by commas.</summary>
    public override string ToString() => string.Join(',', _items);

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();
}
