using System.Globalization;

namespace Tigger.Protocol;

/// <summary>DataRow ('D'): the values of one row, each in the format RowDescription promised.</summary>
public static class DataRow
{
    private const int NullLength = -1;

    /// <summary>Writes a row in text format; null is SQL's null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than 32767 values.</exception>
    public static void Write(MessageWriter writer, params ReadOnlySpan<string?> values)
    {
        Begin(writer, values.Length);
        foreach (string? value in values)
        {
            WriteText(writer, value);
        }

        writer.End();
    }

    /// <summary>Writes a row in the given formats. Values are given as text and must be valid for their column's type.</summary>
    /// <param name="formats">Format codes as in Bind; empty for text.</param>
    /// <exception cref="ArgumentException">Not one value per column, or no binary form is known of a type.</exception>
    /// <exception cref="FormatException">A value to be sent in binary is not of its column's type.</exception>
    public static void Write(
        MessageWriter writer, ReadOnlySpan<ColumnDescription> columns, ReadOnlySpan<short> formats, ReadOnlySpan<string?> values)
    {
        if (columns.Length != values.Length)
        {
            throw new ArgumentException("There must be one value per column.", nameof(values));
        }

        Begin(writer, values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] is { } value && FormatCodes.At(formats, i) == FormatCodes.Binary)
            {
                WriteBinary(writer, columns[i].TypeOid, value);
            }
            else
            {
                WriteText(writer, values[i]);
            }
        }

        writer.End();
    }

    private static void Begin(MessageWriter writer, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, short.MaxValue, nameof(count));
        writer.Begin(BackendCode.DataRow);
        writer.WriteInt16((short)count);
    }

    private static void WriteText(MessageWriter writer, string? value)
    {
        if (value is null)
        {
            writer.WriteInt32(NullLength);
            return;
        }

        int place = writer.BeginValue();
        writer.WriteText(value);
        writer.EndValue(place);
    }

    private static void WriteBinary(MessageWriter writer, int typeOid, string value)
    {
        int place = writer.BeginValue();
        switch (typeOid)
        {
            case ColumnDescription.Text:
                writer.WriteText(value);
                break;
            case ColumnDescription.Int4:
                writer.WriteInt32(int.Parse(value, CultureInfo.InvariantCulture));
                break;
            case ColumnDescription.Int8:
                writer.WriteInt64(long.Parse(value, CultureInfo.InvariantCulture));
                break;
            case ColumnDescription.Bool:
                writer.WriteByte(value is "t" ? (byte)1 : (byte)0);
                break;
            default:
                throw new ArgumentException($"No binary form of type {typeOid} is known.", nameof(typeOid));
        }

        writer.EndValue(place);
    }
}
