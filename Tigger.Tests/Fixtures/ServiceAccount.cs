using System.Globalization;

namespace Tigger.Tests.Fixtures;

/// <summary>The account PostgreSQL runs as: initdb and PgBouncer refuse root, so root hands over to postgres or nobody.</summary>
public sealed record ServiceAccount(string Name, uint User, uint Group)
{
    /// <summary>Null when the tests do not run as root: then PostgreSQL runs as whoever runs the tests.</summary>
    public static ServiceAccount? Unprivileged { get; } = LibC.EffectiveUser() == 0 ? Find("postgres") ?? Find("nobody") : null;

    private static ServiceAccount? Find(string name)
    {
        foreach (var line in File.ReadLines("/etc/passwd"))
        {
            var fields = line.Split(':');
            if (fields.Length > 3 && fields[0] == name)
                return new(name, uint.Parse(fields[2], CultureInfo.InvariantCulture), uint.Parse(fields[3], CultureInfo.InvariantCulture));
        }

        return null;
    }
}
