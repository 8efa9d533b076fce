namespace Tigger.Kernel;

/// <summary>The kernel did something else than the data path relies on. The message says what was measured.</summary>
public sealed class SelfTestException : Exception
{
    public SelfTestException()
    {
    }

    public SelfTestException(string message)
        : base(message)
    {
    }

    public SelfTestException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
