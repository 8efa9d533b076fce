namespace Tigger.Protocol;

/// <summary>Outcome of <see cref="StartupPacket.Parse"/>.</summary>
public enum StartupParseResult
{
    /// <summary>The packet is not complete; parse again with more data.</summary>
    NeedMore,

    /// <summary>A packet was parsed.</summary>
    Parsed,

    /// <summary>The length field is below 8 or above the limit, or wrong for this request.</summary>
    BadLength,

    /// <summary>The key of a CancelRequest has less than 4 or more than 256 bytes.</summary>
    BadCancelKey,

    /// <summary>Neither a known request nor protocol 3.x.</summary>
    UnsupportedProtocol,

    /// <summary>Parameters are not pairs of terminated strings, ended by an empty name.</summary>
    BadLayout,

    /// <summary>A parameter is not UTF-8: replacing bytes could make two users out of one name.</summary>
    BadEncoding,

    /// <summary>No user name.</summary>
    MissingUser,
}
