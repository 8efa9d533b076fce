using Tigger.Kernel.Slots;

namespace Tigger.Kernel.Calls;

/// <summary>What a server was when the call found it, and the client it was linked to; valid where the call says so.</summary>
public readonly record struct ServerResult(CallResult Result, ServerSlotState State, ClientKey Client);
