namespace Tigger.Kernel.Calls;

/// <summary>Done: the session has <paramref name="Client"/>. Missing: the kernel has not seen this connection, or has no slot.</summary>
public readonly record struct ClaimResult(CallResult Result, ClientKey Client);
