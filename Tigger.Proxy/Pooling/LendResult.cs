using Tigger.Sessions;

namespace Tigger.Pooling;

/// <summary>What became of a server that was handed on, and the client that gets it; null when it is idle.</summary>
internal readonly record struct LendResult(LendKind Kind, ClientSession? Client)
{
    public static LendResult Idle => default;

    public static LendResult Lent(ClientSession client) => new(LendKind.Lent, client);
}
