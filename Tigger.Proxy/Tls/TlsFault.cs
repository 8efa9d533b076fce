namespace Tigger.Tls;

/// <summary>TLS cannot be set up as configured: a file that cannot be used, or a list that means nothing.</summary>
/// <param name="key">The setting.</param>
/// <param name="message">What is wrong with it.</param>
/// <param name="fault">Where that came from.</param>
internal sealed class TlsFault(string key, string message, Exception? fault = null) : Exception($"{key}: {message}", fault)
{
    public string Key { get; } = key;

    public string Reason { get; } = message;
}
