using System.Buffers;
using System.DirectoryServices.Protocols;
using System.Net;

namespace Tigger.Auth.Ldap;

/// <summary>Asks an LDAP server whether a password is right: a bind in the user's name is the proof. Calls block.</summary>
internal sealed class LdapAuthenticator : IPasswordAuthenticator
{
    private const int LdapPort = 389;
    private const int LdapsPort = 636;

    /// <summary>PgBouncer's.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly SearchValues<char> Special = SearchValues.Create("*()\\/\0");

    private readonly LdapOptions _options;

    public LdapAuthenticator(LdapOptions options) => _options = options;

    public string FailureText => "LDAP authentication failed";

    public bool TryAuthenticate(string user, string password, out string reason)
    {
        // To LDAP a bind without a password is an anonymous one, and succeeds.
        if (password.Length == 0)
        {
            reason = "empty password returned by client";
            return false;
        }

        try
        {
            string? name = _options.BaseDn is null ? $"{_options.Prefix}{user}{_options.Suffix}" : Search(user, out reason);
            if (name is null)
            {
                reason = $"LDAP user \"{user}\" does not exist or is not unique on server \"{_options.Server}\"";
                return false;
            }

            using LdapConnection connection = Connect();
            connection.Bind(new NetworkCredential(name, password));
            reason = "";
            return true;
        }
        catch (Exception fault) when (fault is DirectoryException or LdapException or DllNotFoundException or ArgumentException)
        {
            reason = fault is DllNotFoundException
                ? "LDAP needs the library libldap, which is not installed"
                : $"LDAP login failed for user \"{user}\" on server \"{_options.Server}\": {fault.Message}";
            return false;
        }
    }

    /// <summary>The distinguished name of the one entry for the user; null: there is none, or more than one.</summary>
    private string? Search(string user, out string reason)
    {
        reason = "";

        // They would have to be escaped, or they would change the filter; no reasonable name has them.
        if (user.AsSpan().ContainsAny(Special))
        {
            return null;
        }

        using LdapConnection connection = Connect();
        connection.Bind(new NetworkCredential(_options.BindDn ?? "", _options.BindPassword ?? ""));
        string attribute = _options.SearchAttribute ?? "uid";
        string filter = _options.SearchFilter?.Replace("$username", user, StringComparison.Ordinal) ?? $"({attribute}={user})";
        SearchRequest request = new(_options.BaseDn, filter, Scope, "1.1");
        SearchResponse response = (SearchResponse)connection.SendRequest(request, Patience);
        return response.Entries.Count == 1 ? response.Entries[0].DistinguishedName : null;
    }

    private SearchScope Scope => _options.Scope switch
    {
        LdapScope.Base => SearchScope.Base,
        LdapScope.OneLevel => SearchScope.OneLevel,
        _ => SearchScope.Subtree,
    };

    private LdapConnection Connect()
    {
        int port = _options.Port > 0 ? _options.Port : _options.IsLdaps ? LdapsPort : LdapPort;
        string[] servers = _options.Server.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        LdapConnection connection = new(new LdapDirectoryIdentifier(servers, port, fullyQualifiedDnsHostName: false, connectionless: false))
        {
            AuthType = AuthType.Basic,
            Timeout = Patience,
        };
        try
        {
            connection.SessionOptions.ProtocolVersion = 3;
            connection.SessionOptions.ReferralChasing = ReferralChasingOptions.None;
            connection.SessionOptions.SecureSocketLayer = _options.IsLdaps;
            if (_options.StartTls)
            {
                connection.SessionOptions.StartTransportLayerSecurity(null);
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
