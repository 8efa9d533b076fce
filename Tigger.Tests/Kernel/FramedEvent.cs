using Tigger.Protocol;

namespace Tigger.Tests.Kernel;

/// <summary>One framing event with all that is promised at it; the offset counts from the start of the stream.</summary>
internal readonly record struct FramedEvent(FrameEvent Event, byte Type, int BodyLength, byte FirstBodyByte, long Offset);
