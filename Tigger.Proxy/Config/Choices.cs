using System.Collections.Frozen;

namespace Tigger.Config;

/// <summary>PgBouncer's spellings of every setting that is a choice.</summary>
internal static class Choices
{
    public static (string Text, PoolMode Value)[] PoolModes { get; } =
    [
        ("session", PoolMode.Session), ("transaction", PoolMode.Transaction), ("statement", PoolMode.Statement),
    ];

    public static (string Text, AuthType Value)[] AuthTypes { get; } =
    [
        ("any", AuthType.Any), ("trust", AuthType.Trust), ("plain", AuthType.Plain), ("md5", AuthType.Md5),
        ("cert", AuthType.Cert), ("hba", AuthType.Hba), ("ldap", AuthType.Ldap), ("pam", AuthType.Pam),
        ("scram-sha-256", AuthType.ScramSha256),
    ];

    public static (string Text, DataPathMode Value)[] DataPaths { get; } =
    [
        ("auto", DataPathMode.Auto), ("kernel", DataPathMode.Kernel), ("user", DataPathMode.User),
    ];

    public static (string Text, KernelPathMode Value)[] KernelPaths { get; } =
        [("auto", KernelPathMode.Auto), ("force", KernelPathMode.Force)];

    public static (string Text, DirtyServerMode Value)[] DirtyServers { get; } =
    [
        ("reset", DirtyServerMode.Reset), ("pin", DirtyServerMode.Pin), ("warn", DirtyServerMode.Warn), ("ignore", DirtyServerMode.Ignore),
    ];

    public static (string Text, MirroredStatements Value)[] MirroredStatements { get; } =
        [("all", Config.MirroredStatements.All), ("reads", Config.MirroredStatements.Reads), ("writes", Config.MirroredStatements.Writes)];

    public static (string Text, MirrorOverflow Value)[] MirrorOverflows { get; } =
        [("drop_transaction", MirrorOverflow.DropTransaction)];

    public static (string Text, TlsMode Value)[] TlsModes { get; } =
    [
        ("disable", TlsMode.Disable), ("allow", TlsMode.Allow), ("prefer", TlsMode.Prefer),
        ("require", TlsMode.Require), ("verify-ca", TlsMode.VerifyCa), ("verify-full", TlsMode.VerifyFull),
    ];

    public static (string Text, TlsNegotiation Value)[] TlsNegotiations { get; } =
        [("postgres", TlsNegotiation.Postgres), ("direct", TlsNegotiation.Direct)];

    public static (string Text, LoadBalanceHosts Value)[] LoadBalancing { get; } =
    [
        ("round-robin", LoadBalanceHosts.RoundRobin), ("disable", LoadBalanceHosts.Disable),
    ];

    public static (string Text, TargetSessionAttrs Value)[] SessionAttributes { get; } =
    [
        ("any", TargetSessionAttrs.Any), ("read-write", TargetSessionAttrs.ReadWrite), ("read-only", TargetSessionAttrs.ReadOnly),
        ("primary", TargetSessionAttrs.Primary), ("standby", TargetSessionAttrs.Standby),
        ("prefer-standby", TargetSessionAttrs.PreferStandby),
    ];

    public static (string Text, OtlpProtocol Value)[] OtlpProtocols { get; } = [("grpc", OtlpProtocol.Grpc), ("http", OtlpProtocol.Http)];

    public static (string Text, LogFormat Value)[] LogFormats { get; } = [("text", LogFormat.Text), ("json", LogFormat.Json)];

    public static (string Text, string Value)[] SyslogFacilities { get; } = Words(
        "auth", "authpriv", "daemon", "user", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7");

    public static (string Text, string Value)[] DheParams { get; } = Words("auto", "none", "legacy");

    public static FrozenSet<string> TlsProtocols { get; } =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "tlsv1.0", "tlsv1.1", "tlsv1.2", "tlsv1.3", "all", "secure", "legacy", "default");

    private static (string Text, string Value)[] Words(params string[] words) => [.. words.Select(word => (word, word))];
}
