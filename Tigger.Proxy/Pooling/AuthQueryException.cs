namespace Tigger.Pooling;

/// <summary>auth_query could not be run; the message is for the log.</summary>
internal sealed class AuthQueryException(string message, bool lostServer = false) : Exception(message)
{
    /// <summary>The server went away before it answered: another one may do.</summary>
    public bool LostServer { get; } = lostServer;
}
