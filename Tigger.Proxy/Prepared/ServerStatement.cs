namespace Tigger.Prepared;

/// <summary>A statement on one server, as of everything that has been sent there.</summary>
public sealed class ServerStatement
{
    internal ServerStatement(PreparedStatement statement)
    {
        Statement = statement;
        Place = new LinkedListNode<ServerStatement>(this);
    }

    public PreparedStatement Statement { get; }

    /// <summary>Parse messages whose outcome is not known yet, and the batch of the last of them.</summary>
    internal int Pending { get; set; }

    internal int Batch { get; set; }

    /// <summary>The last Parse whose outcome is known has succeeded.</summary>
    internal bool IsPrepared { get; set; }

    /// <summary>Some Parse has succeeded since the server was last emptied: it may be there even if a later one failed.</summary>
    internal bool MayExist { get; set; }

    /// <summary>Close messages, sent to make room, whose outcome is not known yet.</summary>
    internal int Closing { get; set; }

    /// <summary>The last of what has been sent was no such Close.</summary>
    internal bool IsListed { get; set; }

    /// <summary>The <see cref="PreparedStatement.Edition"/> that was prepared last.</summary>
    internal int Edition { get; set; }

    /// <summary>Place in the order of use.</summary>
    internal LinkedListNode<ServerStatement> Place { get; }

    /// <summary>A Parse was answered by ParseComplete.</summary>
    internal void Prepared()
    {
        MayExist = true;
        IsPrepared = --Pending == 0;
    }
}
