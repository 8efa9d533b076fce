namespace Tigger.Mirroring;

/// <summary>Everything a database's transactions are sent on to: its mirrors, as configured, and recordings under way.</summary>
internal sealed class MirrorGroup
{
    private volatile TransactionSink[] _sinks = [];

    /// <summary>Another array after each change.</summary>
    public TransactionSink[] Sinks => _sinks;

    /// <summary>What a session of this database reports to.</summary>
    public MirrorTap Tap(MirrorSource source) => new(this, source);
}
