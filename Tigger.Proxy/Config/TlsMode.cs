namespace Tigger.Config;

/// <summary>How much TLS is offered or demanded (<c>client_tls_sslmode</c>, <c>server_tls_sslmode</c>), weakest first.</summary>
public enum TlsMode
{
    /// <summary>Plain TCP.</summary>
    Disable,

    /// <summary>TLS if the other side asks for it.</summary>
    Allow,

    /// <summary>TLS if the other side can.</summary>
    Prefer,

    /// <summary>TLS or no connection; certificates are not verified.</summary>
    Require,

    /// <summary>TLS with a certificate signed by the configured authority.</summary>
    VerifyCa,

    /// <summary>As <see cref="VerifyCa"/>, and the server's name must match its certificate.</summary>
    VerifyFull,
}
