namespace Tigger.Kernel.Slots;

/// <summary>enum tg_server_flag.</summary>
[Flags]
public enum ServerSlotFlags : uint
{
    None = 0,

    /// <summary>The backend's socket is in the socket map.</summary>
    Present = 1 << 0,

    /// <summary>The backend has closed it.</summary>
    Gone = 1 << 1,

    /// <summary>C# wants it at its next release.</summary>
    Recall = 1 << 2,

    /// <summary>The last reply is being delivered, the release follows.</summary>
    Finishing = 1 << 3,

    /// <summary>Our end of the connection is in the socket map, too.</summary>
    Side = 1 << 4,

    /// <summary>PostgreSQL is on another host; our end of the connection is in the map of those.</summary>
    Remote = 1 << 5,
}
