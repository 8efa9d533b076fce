namespace Tigger.Kernel.Copies;

/// <summary>enum tg_copy_kind: what a record of the ring buffer of copies says.</summary>
public enum CopyKind : uint
{
    /// <summary>C# does itself what was to be copied.</summary>
    Nothing = 0,

    /// <summary>Whole messages that a client has sent follow.</summary>
    Request = 1,

    /// <summary>PostgreSQL has answered everything and is in no transaction.</summary>
    End = 2,

    /// <summary>The transaction cannot be copied as a whole.</summary>
    Lost = 3,

    /// <summary>A mirror has answered everything it was sent.</summary>
    Answered = 4,
}
