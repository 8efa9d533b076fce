namespace Tigger.Demo;

/// <summary>The demonstration cannot run on this machine; the message says why and what to do.</summary>
public sealed class DemoException(string message) : Exception(message);
