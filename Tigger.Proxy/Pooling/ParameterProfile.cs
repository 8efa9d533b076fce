namespace Tigger.Pooling;

/// <summary>
/// Values of the tracked parameters of a client or server, in the order of <see cref="TrackedParameters.Names"/>; null where
/// nothing is known. Immutable: a client and a server that share the object are known to agree without comparing.
/// </summary>
public sealed class ParameterProfile
{
    private readonly string?[] _values;
    private ulong _number;

    public ParameterProfile(int count) => _values = new string?[count];

    private ParameterProfile(string?[] values) => _values = values;

    public string? this[int index] => _values[index];

    /// <summary>Equal for profiles with the same values, see <see cref="ProfileNumber"/>; never 0. Found when first asked for.</summary>
    public ulong Number
    {
        get
        {
            // Two threads may both compute it, and find the same.
            ulong number = Volatile.Read(ref _number);
            if (number == 0) Volatile.Write(ref _number, number = ProfileNumber.Of(_values));
            return number;
        }
    }

    /// <summary>As <see cref="Number"/>, of these values and one text more; the same if the text is empty.</summary>
    public ulong NumberWith(string text) => text.Length == 0 ? Number : ProfileNumber.Of([.. _values, text]);

    public ParameterProfile With(int index, string value)
    {
        if (_values[index] == value)
        {
            return this;
        }

        string?[] changed = [.. _values];
        changed[index] = value;
        return new ParameterProfile(changed);
    }

    /// <summary>What this profile leaves open is taken from <paramref name="defaults"/>.</summary>
    public ParameterProfile FilledFrom(ParameterProfile defaults)
    {
        string?[] filled = new string?[_values.Length];
        for (int i = 0; i < filled.Length; i++)
        {
            filled[i] = _values[i] ?? defaults._values[i];
        }

        return new ParameterProfile(filled);
    }
}
