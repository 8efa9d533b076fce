namespace Tigger.Kernel.Slots;

/// <summary>enum tg_client_flag.</summary>
[Flags]
public enum ClientSlotFlags : uint
{
    None = 0,

    /// <summary>TCP bytes may be on their way in either direction: the program looks before the first redirection.</summary>
    Unclean = 1 << 0,

    /// <summary>Its request was put in the server's queue, which no reply has proved yet: what follows could overtake it.</summary>
    Unconfirmed = 1 << 1,

    /// <summary>Its request went to the server by TCP: what follows must go that way until it is answered.</summary>
    ByTcp = 1 << 2,

    /// <summary>The request in its block has to be sent by C#, which has not done so yet.</summary>
    ToSend = 1 << 3,

    /// <summary>Its own socket is in the socket map.</summary>
    Present = 1 << 4,

    /// <summary>The socket has been closed by its owner.</summary>
    Gone = 1 << 5,

    /// <summary>A session of C# has it.</summary>
    Claimed = 1 << 6,

    /// <summary>Our end of the connection is in the socket map, too.</summary>
    Side = 1 << 7,

    /// <summary>The client is on another host; our end of the connection is in the map of those.</summary>
    Remote = 1 << 8,

    /// <summary>The programs know up to where its connection must have been written.</summary>
    Sent = 1 << 9,

    /// <summary>
    /// Its connection took a part of a reply only, or the server's a part of a request, for want of memory: it has to be closed.
    /// </summary>
    Cut = 1 << 10,

    /// <summary>The programs know up to where its server's connection must have been written.</summary>
    Asked = 1 << 11,

    /// <summary>Its request, the only one of the link, is in its block, and nothing of the reply has gone.</summary>
    Kept = 1 << 12,

    /// <summary>What it sends is copied for mirrors.</summary>
    Copied = 1 << 13,

    /// <summary>It was armed with an answer in hand, and the programs know up to where our end must have been written.</summary>
    Due = 1 << 14,
}
