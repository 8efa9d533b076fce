namespace Tigger.Config;

/// <summary>Lets collection expressions make a <see cref="ValueList{T}"/>.</summary>
public static class ValueList
{
    public static ValueList<T> Create<T>(ReadOnlySpan<T> items) => new(items);
}
