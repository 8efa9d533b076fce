using System.Text;

namespace Tigger.Prepared;

/// <summary>One statement, shared by all clients and servers of a pool that have prepared the same text with the same parameter types.</summary>
public sealed class PreparedStatement
{
    private static long _lastNumber;

    internal PreparedStatement(byte[] text)
    {
        Text = text;
        ServerName = Encoding.ASCII.GetBytes($"PGBOUNCER_{Interlocked.Increment(ref _lastNumber)}");
    }

    /// <summary>The body of Parse behind the name: query, zero, parameter types.</summary>
    public byte[] Text { get; }

    /// <summary>Its name on every server, without a zero; PgBouncer's form, which views of PostgreSQL show.</summary>
    public byte[] ServerName { get; }

    /// <summary>Rises when servers must prepare it anew, because its result type has changed.</summary>
    internal int Edition { get; set; }

    /// <summary>Clients and servers that know it; guarded by the table's lock.</summary>
    internal int References { get; set; }
}
