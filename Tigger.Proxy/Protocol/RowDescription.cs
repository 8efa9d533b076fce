namespace Tigger.Protocol;

/// <summary>RowDescription ('T'): the columns of the rows that follow.</summary>
public static class RowDescription
{
    private const int NoTypeModifier = -1;

    /// <param name="formats">Format codes as in Bind; empty for text.</param>
    /// <exception cref="ArgumentOutOfRangeException">More than 32767 columns.</exception>
    public static void Write(MessageWriter writer, ReadOnlySpan<ColumnDescription> columns, ReadOnlySpan<short> formats = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns.Length, short.MaxValue, nameof(columns));
        writer.Begin(BackendCode.RowDescription);
        writer.WriteInt16((short)columns.Length);
        for (int i = 0; i < columns.Length; i++)
        {
            writer.WriteCString(columns[i].Name);

            // Of no table: no table's object id, no column number.
            writer.WriteInt32(0);
            writer.WriteInt16(0);
            writer.WriteInt32(columns[i].TypeOid);
            writer.WriteInt16(columns[i].TypeSize);
            writer.WriteInt32(NoTypeModifier);
            writer.WriteInt16(FormatCodes.At(formats, i));
        }

        writer.End();
    }
}
