namespace Tigger.Config;

/// <summary>Paths in the configuration, and the directory of PostgreSQL's Unix socket.</summary>
internal static class ConfigPaths
{
    private const string DebianSocketDirectory = "/var/run/postgresql";
    private const string UpstreamSocketDirectory = "/tmp";

    /// <summary>Where PostgreSQL puts its Unix socket here: Debian's directory when there is one, else PostgreSQL's own default.</summary>
    public static string DefaultSocketDirectory =>
        Directory.Exists(DebianSocketDirectory) ? DebianSocketDirectory : UpstreamSocketDirectory;

    /// <summary>Leaves "not set" and names in the abstract socket namespace as they are.</summary>
    public static string Absolute(string path, string directory) =>
        path.Length == 0 || path[0] == '@' ? path : Path.GetFullPath(path, directory);

    /// <summary>Null when the file can be read or none is named.</summary>
    public static string? WhyUnreadable(string path)
    {
        if (path.Length == 0)
            return null;
        try
        {
            // Opening is the only honest test: permission bits say nothing about ACLs or the user we run as.
            File.OpenHandle(path).Dispose();
            return null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return $"file \"{path}\" does not exist";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"file \"{path}\" cannot be read";
        }
    }
}
