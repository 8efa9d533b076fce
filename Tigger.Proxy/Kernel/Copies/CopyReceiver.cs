namespace Tigger.Kernel.Copies;

/// <summary>Takes a record. Called by one thread at a time; the bytes are the kernel's and valid during the call only.</summary>
public delegate void CopyReceiver(in CopyHead head, ReadOnlySpan<byte> bytes);
