using System.Text;

namespace Tigger.Protocol;

/// <summary>
/// NegotiateProtocolVersion ('v'): answers a StartupMessage that asks for a newer minor version or unknown
/// <c>_pq_.</c> options. PostgreSQL puts the whole version on the wire, not only its minor half, and libpq expects that.
/// </summary>
public static class NegotiateProtocolVersion
{
    /// <param name="version">Newest version spoken, major in the upper 16 bits.</param>
    /// <param name="unrecognized">Names of the options not known.</param>
    public static void Write(MessageWriter writer, int version, IReadOnlyCollection<string> unrecognized)
    {
        writer.Begin(BackendCode.NegotiateProtocolVersion);
        writer.WriteInt32(version);
        writer.WriteInt32(unrecognized.Count);
        foreach (string option in unrecognized)
        {
            writer.WriteCString(option);
        }

        writer.End();
    }

    /// <returns>False if the body holds another number of strings than it says.</returns>
    public static bool TryParse(ReadOnlySpan<byte> body, out int version, out List<string> unrecognized)
    {
        unrecognized = [];
        MessageReader reader = new(body);
        if (!reader.TryReadInt32(out version) || !reader.TryReadInt32(out int count) || count < 0)
        {
            return false;
        }

        for (; count > 0; count--)
        {
            if (!reader.TryReadCString(out ReadOnlySpan<byte> option))
            {
                return false;
            }

            unrecognized.Add(Encoding.UTF8.GetString(option));
        }

        return reader.AtEnd;
    }
}
