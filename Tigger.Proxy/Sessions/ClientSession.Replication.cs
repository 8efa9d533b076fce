namespace Tigger.Sessions;

/// <summary>
/// A client that replicates: linked to its own server from beginning to end, both closed together. After START_REPLICATION both
/// ends send when they like, so nothing is framed or counted, and no program of the kernel path, which frames what it moves, has
/// a part in it; back-pressure is that of any other session.
/// </summary>
public sealed partial class ClientSession
{
    private bool IsReplication => Login.Replication != ReplicationMode.None;
}
