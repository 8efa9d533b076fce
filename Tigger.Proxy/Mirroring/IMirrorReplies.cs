namespace Tigger.Mirroring;

/// <summary>
/// What a mirror's connection answers, one transaction at a time. The messages are noted before the first of them is sent;
/// then the connection sends while <see cref="ReadAsync"/> takes the replies in, so that neither side waits for the other.
/// </summary>
internal interface IMirrorReplies
{
    /// <summary>A transaction begins: nothing is owed, and no error has been seen.</summary>
    void Begin();

    /// <summary>A message that is about to be sent.</summary>
    /// <param name="type">Its <see cref="Protocol.FrontendCode"/>.</param>
    void Note(byte type);

    /// <summary>Returns when everything noted since <see cref="Begin"/> has been answered.</summary>
    /// <exception cref="IOException">The connection broke, or PostgreSQL closed it.</exception>
    /// <exception cref="InvalidDataException">The server broke the protocol.</exception>
    ValueTask<MirrorReply> ReadAsync(CancellationToken cancellation);
}
