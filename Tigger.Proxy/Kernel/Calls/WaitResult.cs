namespace Tigger.Kernel.Calls;

/// <summary>Done: <paramref name="Server"/> is lent. Queued: there is none, an event tells when there is.</summary>
public readonly record struct WaitResult(CallResult Result, ServerKey Server);
