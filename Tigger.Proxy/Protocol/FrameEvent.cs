namespace Tigger.Protocol;

/// <summary>What <see cref="MessageFramer.Next"/> met. The values are those of <c>enum pg_frame_event</c> in pg_frame.h.</summary>
public enum FrameEvent
{
    /// <summary>The data is used up; feed the next piece.</summary>
    NeedMore = 0,

    /// <summary>A header is complete (its five bytes are consumed); the body follows.</summary>
    Message = 1,

    /// <summary>The body of the current message is complete; comes for empty bodies as well.</summary>
    End = 2,

    /// <summary>The length field was below 4 or above the limit. Nothing can be framed after that: the state is final.</summary>
    Invalid = 3,
}
