using Tigger.Protocol;

namespace Tigger.Admin;

/// <summary>SHOW HELP, which answers with a notice and no rows.</summary>
internal static class HelpText
{
    private const string Detail = """

        	SHOW HELP|CONFIG|DATABASES|POOLS|CLIENTS|SERVERS|USERS|VERSION
        	SHOW PEERS|PEER_POOLS
        	SHOW FDS|SOCKETS|ACTIVE_SOCKETS|LISTS|MEM|STATE
        	SHOW DNS_HOSTS|DNS_ZONES
        	SHOW STATS|STATS_TOTALS|STATS_AVERAGES|TOTALS|COUNTERS
        	SHOW KERNEL|KERNEL_TIMES|TIMES
        	SHOW MIRRORS|MIRROR_ERRORS
        	SET key = arg
        	RELOAD
        	PAUSE [<db>]
        	RESUME [<db>]
        	DISABLE <db>
        	ENABLE <db>
        	RECONNECT [<db>]
        	RECORD <db>
        	KILL [<db>]
        	KILL_CLIENT <client_id>
        	SUSPEND
        	SHUTDOWN
        	SHUTDOWN WAIT_FOR_SERVERS|WAIT_FOR_CLIENTS|DRAIN
        	WAIT_CLOSE [<db>]
        """;

    public static bool IsName(string name) => string.Equals(name, "help", StringComparison.OrdinalIgnoreCase);

    /// <summary>A NoticeResponse with a detail field, which is where PgBouncer puts the list.</summary>
    public static byte[] Notice { get; } = new MessageWriter().Begin(BackendCode.NoticeResponse)
        .Byte((byte)'S').CString("NOTICE")
        .Byte((byte)'V').CString("NOTICE")
        .Byte((byte)'C').CString("00000")
        .Byte((byte)'M').CString("Console usage")
        .Byte((byte)'D').CString(Detail)
        .Byte(0).End().ToArray();
}
