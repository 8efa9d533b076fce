namespace Tigger.Cli;

/// <summary>What the process tells its caller.</summary>
public static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The configuration has errors, or the process could not start.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;
}
