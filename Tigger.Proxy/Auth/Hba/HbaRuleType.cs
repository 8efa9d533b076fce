namespace Tigger.Auth.Hba;

/// <summary>Which connections a rule is about: the first word of its line.</summary>
public enum HbaRuleType
{
    /// <summary>Unix sockets.</summary>
    Local,

    /// <summary>TCP, encrypted or not.</summary>
    Host,

    /// <summary>TCP with TLS.</summary>
    HostSsl,

    /// <summary>TCP without TLS.</summary>
    HostNoSsl,
}
