using Tigger.Kernel.Slots;
using Tigger.Prepared;

namespace Tigger.Pooling;

/// <summary>The server's prepared statements as the programs know them.</summary>
public sealed partial class ServerConnection : IUseMarks
{
    private StatementBits _published;

    private StatementMarks Marks => _kernel!.Path.Slots.Marks(Slot.Slot);

    bool IUseMarks.TakeUsed(int number) => _kernel is not null && Marks.TakeUsed(number);

    /// <summary>The server is about to be lent on: says what statements it has.</summary>
    internal void TellStatements()
    {
        if (_kernel is not null && (Statements.IsChanged || !Marks.Are(_published)))
        {
            _published = Statements.Numbers();
            Marks.Publish(_published);
        }
    }

    /// <summary>The programs are not to use the statement here any more, until it is prepared anew. At any time.</summary>
    internal void WithdrawStatement(PreparedStatement statement)
    {
        if (_kernel is not null && statement.Number != PreparedStatement.NoNumber)
        {
            Marks.Withdraw(statement.Number);
        }
    }
}
