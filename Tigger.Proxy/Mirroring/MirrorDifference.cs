namespace Tigger.Mirroring;

/// <summary>Transactions of one form that went otherwise on a mirror.</summary>
/// <param name="Primary">SQLSTATE on the primary; null: it succeeded.</param>
/// <param name="Mirror">SQLSTATE on the mirror; null: it succeeded.</param>
/// <param name="Fingerprint">Their statements without literals, cut at <see cref="Fingerprint.MaximumLength"/>.</param>
/// <param name="Count">How many were looked at.</param>
/// <param name="LastSeen">When the last of them was.</param>
internal sealed record MirrorDifference(string? Primary, string? Mirror, string Fingerprint, long Count, DateTimeOffset LastSeen);
