namespace Tigger.Protocol;

/// <summary>Where a <see cref="MessageFramer"/> is in its stream; the fields of struct pg_frame but for its limit.</summary>
/// <param name="HeaderBytes">0 at a boundary, 1 to 4 in a header, 5 in a body.</param>
/// <param name="Type">Of the current message, or of the last one.</param>
/// <param name="PartialLength">Bytes of the length field seen while the header is cut.</param>
/// <param name="Remaining">Body bytes still to come.</param>
/// <param name="BodyLength">Declared; the length field less 4.</param>
/// <param name="FirstBodyByte">Valid once a byte of the body has been seen.</param>
/// <param name="Invalid">The length was out of limits; final.</param>
public readonly record struct FramePosition(
    byte HeaderBytes,
    byte Type,
    uint PartialLength,
    int Remaining,
    int BodyLength,
    byte FirstBodyByte,
    bool Invalid = false);
