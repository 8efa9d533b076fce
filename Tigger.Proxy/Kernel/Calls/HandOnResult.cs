namespace Tigger.Kernel.Calls;

/// <summary>Idle: on the list. Granted and GrantedUser: the server is <paramref name="Client"/>'s now. Dirty: try again later.</summary>
public readonly record struct HandOnResult(CallResult Result, ClientKey Client);
