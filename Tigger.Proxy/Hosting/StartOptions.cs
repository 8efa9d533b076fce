namespace Tigger.Hosting;

/// <summary>What PgBouncer's command line says beside the configuration file.</summary>
public sealed record StartOptions
{
    /// <summary>-d: in the background, once everything is up.</summary>
    public bool Daemon { get; init; }

    /// <summary>-q: nothing on standard error.</summary>
    public bool Quiet { get; init; }

    /// <summary>How often -v was given: <c>verbose</c>, where the file does not set it.</summary>
    public int Verbose { get; init; }

    /// <summary>-u: instead of <c>user</c> in the file.</summary>
    public string? User { get; init; }

    /// <summary>-R: take over from the running process.</summary>
    public bool Reboot { get; init; }
}
