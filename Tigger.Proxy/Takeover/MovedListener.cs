namespace Tigger.Takeover;

/// <summary>A listening socket that goes over; its address is asked of the socket itself.</summary>
/// <param name="IsInherited">The service manager's.</param>
internal sealed record MovedListener(bool IsInherited);
