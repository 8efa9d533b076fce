namespace Tigger.Pooling;

/// <summary>A query of the pooler's own that a server is answering; its replies go to nobody.</summary>
public enum ServerTask
{
    None,

    /// <summary><c>server_check_query</c>, before a server long unused is lent again.</summary>
    Check,

    /// <summary><c>server_reset_query</c>, after a client gave the server back.</summary>
    Reset,

    /// <summary>SET commands that bring the tracked parameters in line with the client just linked.</summary>
    SetParameters,

    /// <summary>The question whether the session of the client just served is still as it was at the server's login.</summary>
    Question,

    /// <summary>auth_query, for a client that is logging in; its replies go to an <see cref="Pooling.AuthQuery"/>.</summary>
    AuthQuery,
}
