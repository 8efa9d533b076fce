namespace Tigger.Prepared;

/// <summary>Who sees the uses of a server's statements that the pooler does not see.</summary>
public interface IUseMarks
{
    /// <summary>Whether the statement of this number has been used since this was last asked.</summary>
    bool TakeUsed(int number);
}
