using System.Text;

namespace Tigger.Prepared;

/// <summary>
/// One statement, shared by all clients and servers of a pool that have prepared the same text with the same parameter types;
/// in the kernel, by a name of the same length.
/// </summary>
public sealed class PreparedStatement
{
    /// <summary>The <see cref="Number"/> of a statement that the kernel does not know.</summary>
    public const int NoNumber = -1;

    private static long _lastNumber;

    internal PreparedStatement(byte[] text)
    {
        Text = text;
        ServerName = UniqueName = Encoding.ASCII.GetBytes($"PGBOUNCER_{Interlocked.Increment(ref _lastNumber)}");
    }

    internal PreparedStatement(byte[] text, int number, byte[] name)
        : this(text)
    {
        Number = number;
        ServerName = name;
    }

    /// <summary>The body of Parse behind the name: query, zero, parameter types.</summary>
    public byte[] Text { get; }

    /// <summary>Its name on every server, without a zero; PgBouncer's form or <see cref="StatementName"/>'s. Views of PostgreSQL show it.</summary>
    public byte[] ServerName { get; }

    /// <summary>Its name where statements of several pools come together; PgBouncer's form.</summary>
    public byte[] UniqueName { get; }

    /// <summary>What the kernel calls it, 0 to 1023 in its pool; or <see cref="NoNumber"/>.</summary>
    public int Number { get; } = NoNumber;

    /// <summary>Bytes of the names that clients have for it; 0: any.</summary>
    internal int NameLength { get; init; }

    /// <summary>Rises when servers must prepare it anew, because its result type has changed.</summary>
    internal int Edition { get; set; }

    /// <summary>Clients and servers that know it; guarded by the table's lock.</summary>
    internal int References { get; set; }
}
