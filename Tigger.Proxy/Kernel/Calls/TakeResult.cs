using Tigger.Kernel.Slots;

namespace Tigger.Kernel.Calls;

/// <summary>
/// Done: the client is C#'s, with <paramref name="Server"/> unless that is none. The state and flags are those it had.
/// <paramref name="Block"/> is the block of its request, by number + 1; 0: none.
/// </summary>
public readonly record struct TakeResult(
    CallResult Result, ClientSlotState State, ClientSlotFlags Flags, uint Block, ServerKey Server);
