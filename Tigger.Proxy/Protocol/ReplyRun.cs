namespace Tigger.Protocol;

/// <summary>Consecutive client messages of one kind; <see cref="Count"/> is at least 1 while the run is queued.</summary>
internal struct ReplyRun
{
    public ReplyKind Kind;
    public int Count;
}
