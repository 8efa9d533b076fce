using Tigger.Admin;
using Tigger.Protocol;

namespace Tigger.Tests.Admin;

/// <summary>Byte for byte what PostgreSQL would send (source: its "Message Formats" and the send functions of its types).</summary>
public sealed class ResultTableTests
{
    private static readonly ResultFormats Binary = new([1]);

    [Fact]
    public void List_EveryLetter_HasPostgresTypeNumberAndLength()
    {
        IReadOnlyList<ResultColumn> columns = ResultColumn.List("a:s b:i c:q d:n e:b");

        Assert.Equal([25, 23, 20, 1700, 17], columns.Select(column => (int)column.Type));
        Assert.Equal([-1, 4, 8, -1, -1], columns.Select(column => (int)column.Length));
        Assert.Equal(["a", "b", "c", "d", "e"], columns.Select(column => column.Name));
    }

    [Fact]
    public void WriteDescription_TwoColumns_BytesAsInTheProtocol()
    {
        MessageWriter writer = new();

        ResultTable.WriteDescription(writer, ResultColumn.List("ab:s n:i"), new ResultFormats([0, 1]));

        Assert.Equal(
            "54" + "0000002F" + "0002"
            + "616200" + "00000000" + "0000" + "00000019" + "FFFF" + "FFFFFFFF" + "0000"
            + "6E00" + "00000000" + "0000" + "00000017" + "0004" + "FFFFFFFF" + "0001",
            Convert.ToHexString(writer.ToArray()));
    }

    [Theory]
    [InlineData("x:s", "a\u00e9", "61C3A9", "61C3A9")]
    [InlineData("x:s", "", "", "")]
    [InlineData("x:i", -2, "2D32", "FFFFFFFE")]
    [InlineData("x:i", true, "31", "00000001")]
    [InlineData("x:i", 4294967297L, "34323934393637323937", "00000001")]
    [InlineData("x:q", 258L, "323538", "0000000000000102")]
    [InlineData("x:n", 0L, "30", "0000" + "0000" + "0000" + "0000")]
    [InlineData("x:n", 7L, "37", "0001" + "0000" + "0000" + "0000" + "0007")]
    [InlineData("x:n", 10000L, "3130303030", "0001" + "0001" + "0000" + "0000" + "0001")]
    [InlineData("x:n", 120034L, "313230303334", "0002" + "0001" + "0000" + "0000" + "000C" + "0022")]
    [InlineData("x:n", -5L, "2D35", "0001" + "0000" + "4000" + "0000" + "0005")]
    [InlineData("x:n", long.MinValue, "2D39323233333732303336383534373735383038", "0005" + "0004" + "4000" + "0000" + "039A0D2C0170156516B0")]
    [InlineData("x:b", new byte[] { 1, 171 }, "5C78303161" + "62", "01AB")]
    public void WriteRows_OneValue_TextAndBinary(string column, object value, string text, string binary)
    {
        ResultTable table = new(ResultColumn.List(column));
        table.Add(value);

        Assert.Equal(Row(text), Write(table, ResultFormats.Text));
        Assert.Equal(Row(binary), Write(table, Binary));
    }

    [Fact]
    public void WriteRows_NullAndMixedFormats_PerColumn()
    {
        ResultTable table = new(ResultColumn.List("a:i b:s c:i"));
        table.Add(1, null, 1);

        Assert.Equal(
            "44" + "00000017" + "0003" + "00000004" + "00000001" + "FFFFFFFF" + "00000001" + "31",
            Write(table, new ResultFormats([1, 0, 0])));
    }

    [Fact]
    public void Add_WrongNumberOfValues_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResultTable(ResultColumn.List("a:s b:s")).Add("only one"));

    [Theory]
    [InlineData(new short[] { }, 3, true)]
    [InlineData(new short[] { 1 }, 3, true)]
    [InlineData(new short[] { 1 }, 0, true)]
    [InlineData(new short[] { 0, 1, 0 }, 3, true)]
    [InlineData(new short[] { 0, 1 }, 3, false)]
    [InlineData(new short[] { 2 }, 3, false)]
    public void Fits_Codes_NoneOneOrOnePerColumn(short[] codes, int columns, bool fits) =>
        Assert.Equal(fits, new ResultFormats(codes).Fits(columns));

    private static string Row(string value) =>
        $"44{4 + 2 + 4 + (value.Length / 2):X8}0001{value.Length / 2:X8}{value}";

    private static string Write(ResultTable table, ResultFormats formats)
    {
        MessageWriter writer = new();
        table.WriteRows(writer, formats);
        return Convert.ToHexString(writer.ToArray());
    }
}
