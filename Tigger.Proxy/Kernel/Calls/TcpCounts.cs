namespace Tigger.Kernel.Calls;

/// <summary>
/// What C# has written to and read from a connection altogether, modulo 2^32: with it a program knows whether bytes are on
/// their way by TCP.
/// </summary>
public readonly record struct TcpCounts(uint Sent, uint Received);
