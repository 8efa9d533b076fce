namespace Tigger.Protocol;

/// <summary>What a command may leave behind in the session of a server, as far as the replies to it tell.</summary>
[Flags]
public enum SessionTrace
{
    None = 0,

    /// <summary>SET outside a transaction block.</summary>
    Setting = 1 << 0,

    /// <summary>SET inside a transaction block, which may have been SET LOCAL or have been rolled back.</summary>
    SettingInBlock = 1 << 1,

    /// <summary>PREPARE.</summary>
    Statement = 1 << 2,

    /// <summary>LISTEN.</summary>
    Channel = 1 << 3,

    /// <summary>A call of pg_advisory_lock or one of its relatives that last beyond the transaction.</summary>
    Lock = 1 << 4,

    /// <summary>DECLARE CURSOR: the tag does not say WITH HOLD.</summary>
    Cursor = 1 << 5,

    /// <summary>CREATE TABLE and the like, CREATE TABLE AS, SELECT INTO: the tag does not say TEMP.</summary>
    Relation = 1 << 6,

    /// <summary>A call of set_config: the reply does not say whether for the transaction only.</summary>
    Configuration = 1 << 7,

    /// <summary>A reported parameter that does not follow the client is not what it was at the server's login.</summary>
    Parameter = 1 << 8,

    /// <summary>The server has said so when asked.</summary>
    Confirmed = 1 << 9,

    /// <summary>Of these there is no doubt that the session is another one now.</summary>
    Certain = Setting | Statement | Channel | Lock | Parameter | Confirmed,
}
