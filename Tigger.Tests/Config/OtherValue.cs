using Tigger.Config;

namespace Tigger.Tests.Config;

/// <summary>A value other than the default for every key, by name or else by default.</summary>
internal static class OtherValue
{
    public static string Of<TRecord>(Setting<TRecord> key) => key.Name switch
    {
        "pool_mode" => "statement",
        "data_path" => "user",
        "auth_type" => "scram-sha-256",
        "syslog_facility" => "local3",
        "client_tls_dheparams" => "legacy",
        "client_tls_sslmode" or "server_tls_sslmode" => "verify-full",
        "client_tls_protocols" or "server_tls_protocols" => "tlsv1.2,tlsv1.3",
        "load_balance_hosts" => "disable",
        "metrics_listen" => "[::1]:9127",
        "log_format" => "json",
        "otlp_endpoint" => "http://127.0.0.1:4317",
        "otlp_protocol" => "http",
        "listen_addr" or "host" => "127.0.0.1,::1",
        "kernel_budget" => "8192",
        "kernel_mirror_buffer" => "65536",
        "kernel_path" => "force",
        "query_log_size" => "65536",
        "dirty_server" => "pin",
        "server_fresh" => "1",
        "target_session_attrs" => "standby",
        "server_tls_sslnegotiation" => "direct",
        _ when key.Default is "0" or "1" => key.Default == "0" ? "1" : "0",
        _ when key.Unit.Length > 0 || int.TryParse(key.Default, out _) => "300",
        _ when key.Name.EndsWith("_size", StringComparison.Ordinal) || key.Name.Contains("connections", StringComparison.Ordinal) => "7",
        _ => "something",
    };
}
