using System.Globalization;
using System.Text;
using Tigger.Protocol;

namespace Tigger.Admin;

/// <summary>The answer to a SHOW command: columns and rows, and how they look on the wire.</summary>
public sealed class ResultTable(IReadOnlyList<ResultColumn> columns)
{
    private readonly List<object?[]> _rows = [];

    public IReadOnlyList<ResultColumn> Columns { get; } = columns;

    public IReadOnlyList<IReadOnlyList<object?>> Rows => _rows;

    /// <summary>
    /// One value per column: a string, a whole number, a bool (written 1 or 0), bytes, or null, as the column's type asks.
    /// </summary>
    public void Add(params object?[] values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, Columns.Count);
        _rows.Add(values);
    }

    /// <summary>Writes a RowDescription.</summary>
    public static void WriteDescription(MessageWriter writer, IReadOnlyList<ResultColumn> columns, ResultFormats formats)
    {
        const int NoTable = 0;
        const int NoModifier = -1;
        writer.Begin(BackendCode.RowDescription).Int16((short)columns.Count);
        for (int i = 0; i < columns.Count; i++)
        {
            ResultColumn column = columns[i];
            writer.CString(column.Name).Int32(NoTable).Int16(0).Int32((int)column.Type).Int16(column.Length).Int32(NoModifier)
                .Int16((short)(formats.IsBinary(i) ? 1 : 0));
        }

        writer.End();
    }

    /// <summary>Writes a DataRow per row.</summary>
    public void WriteRows(MessageWriter writer, ResultFormats formats)
    {
        foreach (object?[] row in _rows)
        {
            writer.Begin(BackendCode.DataRow).Int16((short)row.Length);
            for (int i = 0; i < row.Length; i++)
            {
                WriteValue(writer, row[i], Columns[i].Type, formats.IsBinary(i));
            }

            writer.End();
        }
    }

    private static void WriteValue(MessageWriter writer, object? value, ColumnType type, bool binary)
    {
        const int Null = -1;
        if (value is null)
        {
            writer.Int32(Null);
            return;
        }

        byte[] bytes = binary ? ToBinary(value, type) : Encoding.UTF8.GetBytes(ToText(value));
        writer.Int32(bytes.Length).Bytes(bytes);
    }

    private static string ToText(object value) => value switch
    {
        string text => text,
        byte[] bytes => $"\\x{Convert.ToHexStringLower(bytes)}",
        _ => ToNumber(value).ToString(CultureInfo.InvariantCulture),
    };

    private static byte[] ToBinary(object value, ColumnType type) => type switch
    {
        // PgBouncer cuts the number of a client off in the same way.
        ColumnType.Int4 => BinaryNumbers.Int4(unchecked((int)ToNumber(value))),
        ColumnType.Int8 => BinaryNumbers.Int8(ToNumber(value)),
        ColumnType.Numeric => BinaryNumbers.Numeric(ToNumber(value)),
        ColumnType.Bytea => (byte[])value,
        _ => Encoding.UTF8.GetBytes((string)value),
    };

    private static long ToNumber(object value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
