namespace Tigger.Mirroring;

/// <summary>
/// What a mirror's connection answers, one transaction at a time. All messages are noted before the first of them is sent; from
/// then on the connection sends and takes in what has come by turns, so that neither side waits for the other. Whoever learns
/// that something has come calls <see cref="MirrorConnection.Wake"/>. Guarded by the connection: never called twice at once.
/// </summary>
internal interface IMirrorReplies
{
    /// <summary>What has been answered so far; complete when <see cref="TakeIn"/> has said so.</summary>
    MirrorReply Reply { get; }

    /// <summary>
    /// How many ReadyForQuery are still to come cannot be known: a COPY failed after its client had sent Syncs. What was sent is
    /// carried out all the same.
    /// </summary>
    bool IsUnclear { get; }

    /// <summary>A transaction begins: nothing is owed, and no error has been seen.</summary>
    void Begin();

    /// <summary>A message that is about to be sent.</summary>
    /// <param name="type">Its <see cref="Protocol.FrontendCode"/>.</param>
    /// <param name="body">As the client sent it; empty for what is the pooler's own.</param>
    void Note(byte type, ReadOnlySpan<byte> body = default);

    /// <summary>Takes in what has come, without waiting. True: everything noted since <see cref="Begin"/> has been answered.</summary>
    /// <exception cref="IOException">The connection broke, or PostgreSQL closed it.</exception>
    /// <exception cref="InvalidDataException">The server broke the protocol.</exception>
    bool TakeIn();
}
