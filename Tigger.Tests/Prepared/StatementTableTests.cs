using System.Globalization;
using System.Text;
using Tigger.Kernel.Slots;
using Tigger.Prepared;

namespace Tigger.Tests.Prepared;

public sealed class StatementTableTests
{
    private readonly StatementTable _table = new();

    [Fact]
    public void Take_WithoutNumbers_IsOneStatementForNamesOfAnyLength()
    {
        PreparedStatement statement = Take("text", 2);
        Assert.Same(statement, Take("text", 3));
        Assert.Equal(PreparedStatement.NoNumber, statement.Number);
        Assert.StartsWith("PGBOUNCER_", Encoding.ASCII.GetString(statement.ServerName));
    }

    [Fact]
    public void Take_WithNumbers_IsOneStatementForNamesOfOneLength()
    {
        _table.UseNumbers();
        PreparedStatement shorter = Take("text", 2), longer = Take("text", 3);
        Assert.Same(shorter, Take("text", 2));
        Assert.Equal((2, 3), (shorter.ServerName.Length, longer.ServerName.Length));
        Assert.NotEqual(shorter.Number, longer.Number);
        Assert.Same(longer, _table.Find(longer.Number));
        Assert.Equal(2, _table.Count);
    }

    [Theory]
    [InlineData(StatementName.MaximumLength + 1)]
    [InlineData(1000)]
    public void Take_NamesTooLongForTheKernel_HaveNoNumber(int length)
    {
        _table.UseNumbers();
        Assert.Equal(PreparedStatement.NoNumber, Take("text", length).Number);
    }

    [Fact]
    public void Release_LastReference_GivesTheNumberToAnother()
    {
        _table.UseNumbers();
        var statements = Enumerable.Range(0, SlotLimits.Statements)
            .Select(i => Take(i.ToString(CultureInfo.InvariantCulture), 2)).ToList();
        Assert.Equal(SlotLimits.Statements, statements.Select(statement => statement.Number).Distinct().Count());
        PreparedStatement without = Take("one more", 2);
        Assert.Equal(PreparedStatement.NoNumber, without.Number);

        int number = statements[7].Number;
        _table.Release(statements[7]);
        Assert.Null(_table.Find(number));
        Assert.Equal(number, Take("the next", 2).Number);
        Assert.Same(without, Take("one more", 2));
    }

    private PreparedStatement Take(string text, int nameLength) => _table.Take(Encoding.ASCII.GetBytes(text), nameLength);
}
