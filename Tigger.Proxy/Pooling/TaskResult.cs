namespace Tigger.Pooling;

/// <summary>How a server's own task stands after reading what there was.</summary>
internal enum TaskResult
{
    /// <summary>Replies are still to come (or there is no task).</summary>
    Pending,

    /// <summary>Its ReadyForQuery has come.</summary>
    Done,

    /// <summary>The query failed, the server broke the protocol or is gone: close it.</summary>
    Broken,
}
