using Tigger.Config;

namespace Tigger.Tests.Config;

public sealed class ValueTests
{
    [Theory]
    [InlineData("5", 5000)]
    [InlineData("0.25", 250)]
    [InlineData("5s", 5000)]
    [InlineData("200ms", 200)]
    [InlineData("1500us", 1.5)]
    [InlineData("2min", 120_000)]
    [InlineData("1.5 h", 5_400_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("0", 0)]
    public void Seconds_Text_IsDuration(string text, double milliseconds)
    {
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Yaml.Load($"query_timeout: {text}").QueryTimeout);
    }

    [Theory]
    [InlineData("250", 250)]
    [InlineData("3s", 3000)]
    public void TcpUserTimeout_BareNumber_IsMilliseconds(string text, double milliseconds)
    {
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Yaml.Load($"tcp_user_timeout: {text}").TcpUserTimeout);
    }

    [Theory]
    [InlineData("5433", new[] { 5433 })]
    [InlineData("5432,5433", new[] { 5432, 5433 })]
    [InlineData("[5432, 5433]", new[] { 5432, 5433 })]
    public void Port_Text_IsOneForAllHostsOrOneForEach(string text, int[] ports)
    {
        Assert.Equal(ports, Yaml.Load($"databases: {{ db: {{ host: 'a,b', port: {(text.Contains(' ') ? text : $"'{text}'")} }} }}").Databases["db"].Ports);
    }

    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("256KiB", 262_144)]
    [InlineData("1MB", 1_048_576)]
    [InlineData("512 kB", 524_288)]
    [InlineData("1.5MiB", 1_572_864)]
    [InlineData("1GB", 1_073_741_824)]
    public void Size_Text_IsBytes(string text, long bytes)
    {
        Assert.Equal(bytes, Yaml.Load($"max_packet_size: {text}").MaxPacketSize);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("yes", true)]
    [InlineData("On", true)]
    [InlineData("TRUE", true)]
    [InlineData("0", false)]
    [InlineData("no", false)]
    [InlineData("off", false)]
    [InlineData("false", false)]
    public void Flag_Text_IsBoolean(string text, bool expected)
    {
        Assert.Equal(expected, Yaml.Load($"syslog: {text}").Syslog);
    }

    [Theory]
    [InlineData("a, b,c")]
    [InlineData("[a, b, c]")]
    [InlineData("\n  - a\n  - b\n  - c")]
    public void List_EitherForm_IsTheSame(string text)
    {
        Assert.Equal(["a", "b", "c"], Yaml.Load($"admin_users: {text}").AdminUsers);
    }

    [Theory]
    [InlineData("0700", 448)]
    [InlineData("511", 511)]
    [InlineData("0", 0)]
    public void FileMode_Text_IsReadAsStrtolDoes(string text, int mode)
    {
        Assert.Equal(mode, Yaml.Load($"unix_socket_mode: {text}").UnixSocketMode);
    }

    [Theory]
    [InlineData("\"\"", null)]
    [InlineData("<empty>", "")]
    [InlineData("SELECT 1", "SELECT 1")]
    public void ServerCheckQuery_Text_IsQueryOrOff(string text, string? sql)
    {
        Assert.Equal(sql, Yaml.Load($"server_check_query: {text}").ServerCheckSql);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("db-1.example.com,db_2")]
    [InlineData("2001:db8::7334")]
    [InlineData("fe80::1%eth0")]
    [InlineData("/var/run/postgresql")]
    [InlineData("'@tigger'")]
    public void Host_Text_IsTaken(string text)
    {
        var host = Yaml.Load($"databases: {{ shop: {{ host: \"{text.Trim('\'')}\" }} }}").Databases["shop"].Host;

        Assert.Equal(text.Trim('\''), host.ToString());
    }

    [Theory]
    [InlineData("listen_port", "70000", "a number from 0 to 65535, found \"70000\"")]
    [InlineData("listen_port", "x", "a whole number, found \"x\"")]
    [InlineData("max_client_conn", "-1", "a number of at least 0, found \"-1\"")]
    [InlineData("max_client_conn", "99999999999", "a number of at least 0, found \"99999999999\"")]
    [InlineData("peer_id", "16384", "a number from 0 to 16383, found \"16384\"")]
    [InlineData("query_timeout", "soon", "a duration such as 5s, 200ms, 2min, 1h or 1d, or a number of seconds, found \"soon\"")]
    [InlineData("query_timeout", "-1", "a duration from 0 to 2147483647 seconds, found \"-1\"")]
    [InlineData("query_timeout", "99999999999d", "a duration from 0 to 2147483647 seconds, found \"99999999999d\"")]
    [InlineData("query_timeout", "", "a duration such as 5s, 200ms, 2min, 1h or 1d, or a number of seconds, found nothing")]
    [InlineData("stats_period", "0", "at least 1 s, found \"0\"")]
    [InlineData("tcp_keepidle", "500ms", "whole seconds, found \"500ms\"")]
    [InlineData("pkt_buf", "1.5", "a size such as 4096, 256KiB or 1MB, found \"1.5\"")]
    [InlineData("pkt_buf", "1GB", "a size from 256 to 67108864 bytes, found \"1GB\"")]
    [InlineData("syslog", "maybe", "1/0, yes/no, on/off or true/false, found \"maybe\"")]
    [InlineData("pool_mode", "pooled", "session, transaction or statement, found \"pooled\"")]
    [InlineData("unix_socket_mode", "770", "an octal file mode with its leading zero, such as 0770, found \"770\"")]
    [InlineData("unix_socket_mode", "0788", "an octal file mode with its leading zero, such as 0770, found \"0788\"")]
    [InlineData("listen_addr", "a b", "host names, IP addresses or * (the port is listen_port), found \"a b\"")]
    [InlineData("listen_addr", "127.0.0.1:6432", "host names, IP addresses or * (the port is listen_port), found \"127.0.0.1:6432\"")]
    [InlineData("otlp_endpoint", "127.0.0.1:4317", "a URL such as http://127.0.0.1:4317, found \"127.0.0.1:4317\"")]
    [InlineData("metrics_listen", "9127", "host:port, [IPv6]:port or *:port, found \"9127\"")]
    [InlineData("metrics_listen", "localhost:0", "host:port, [IPv6]:port or *:port, found \"localhost:0\"")]
    [InlineData("client_tls_protocols", "sslv3", "a list of tlsv1.0, tlsv1.1, tlsv1.2, tlsv1.3, or all or secure, found \"sslv3\"")]
    public void Apply_BadText_SaysWhatIsExpected(string name, string text, string expected)
    {
        Assert.True(SettingsTable.TryFind(name, out var setting));
        Assert.Equal($"expected {expected}", setting.Apply(new TiggerConfig(), text).Error);
    }
}
