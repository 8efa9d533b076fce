namespace Tigger.Tests.Fixtures;

/// <summary>Roles every test server has. Those with a password must show it over TCP; the others are trusted.</summary>
public static class Roles
{
    public const string Superuser = "postgres";
    public const string Md5 = "md5user";
    public const string Scram = "scramuser";
    public const string Plain = "plainuser";
    public const string Trust = "trustuser";

    /// <summary>Two more trusted users, for limits that span users.</summary>
    public const string Alice = "alice";
    public const string Bob = "bob";

    public static string PasswordOf(string role) => $"secret of {role}";
}
