using Tigger.Admin;
using Tigger.Admin.Show;

namespace Tigger.Tests.Admin;

/// <summary>
/// Columns of every SHOW command in wire order, as PgBouncer 1.25 has them where the command is its. Types are its own letters: s = text, i = int4,
/// q = int8, N = numeric, T = point in time as text, b = bytea.
/// </summary>
public sealed class ShowColumnsTests
{
    private const string SocketTypes = "ssssssisiTTiiississii";

    private const string SocketNames =
        "type user database replication state addr port local_addr local_port connect_time request_time wait wait_us close_needed ptr "
        + "link remote_pid tls application_name prepared_statements id";

    private const string BufferNames = " recv_pos pkt_pos pkt_remain send_pos send_remain pkt_avail send_avail";

    private const string TotalNames =
        "database server_assignment_count xact_count query_count bytes_received bytes_sent xact_time query_time wait_time ";

    public static TheoryData<string, string, string> Commands => new()
    {
        {
            "pools", "ssiiiiiiiiiiiiiss",
            "database user cl_active cl_waiting cl_active_cancel_req cl_waiting_cancel_req sv_active sv_active_cancel sv_being_canceled "
            + "sv_idle sv_used sv_tested sv_login maxwait maxwait_us pool_mode load_balance_hosts"
        },
        {
            "stats", "sNNNNNNNNNNNNNNNNNNNNNN",
            "database total_server_assignment_count total_xact_count total_query_count total_received total_sent total_xact_time "
            + "total_query_time total_wait_time total_client_parse_count total_server_parse_count total_bind_count "
            + "avg_server_assignment_count avg_xact_count avg_query_count avg_recv avg_sent avg_xact_time avg_query_time avg_wait_time "
            + "avg_client_parse_count avg_server_parse_count avg_bind_count"
        },
        { "stats_totals", "sNNNNNNNNNNN", TotalNames + "client_parse_count server_parse_count bind_count" },
        { "stats_averages", "sNNNNNNNNNNN", TotalNames + "avg_client_parse_count avg_server_parse_count avg_bind_count" },
        { "totals", "sN", "name value" },
        { "clients", SocketTypes, SocketNames },
        { "counters", "sq", "name value" },
        { "servers", SocketTypes, SocketNames },
        { "sockets", SocketTypes + "iiiiiii", SocketNames + BufferNames },
        { "active_sockets", SocketTypes + "iiiiiii", SocketNames + BufferNames },
        {
            "databases", "ssissiiiissiiiiii",
            "name host port database force_user pool_size min_pool_size reserve_pool_size server_lifetime pool_mode load_balance_hosts "
            + "max_connections current_connections max_client_connections current_client_connections paused disabled"
        },
        {
            "users", "ssssiiii",
            "name pool_size reserve_pool_size pool_mode max_user_connections current_connections max_user_client_connections "
            + "current_client_connections"
        },
        { "lists", "si", "list items" },
        { "config", "ssss", "key value default changeable" },
        { "state", "ss", "key value" },
        { "peers", "isii", "peer_id host port pool_size" },
        { "peer_pools", "iiiii", "peer_id cl_active_cancel_req cl_waiting_cancel_req sv_active_cancel sv_login" },
        {
            "fds", "issssiqisssssbb",
            "fd task user database addr port cancel link client_encoding std_strings datestyle timezone password scram_client_key "
            + "scram_server_key"
        },
        { "kernel", "ssssiiiiiiisi", "database user path reason servers idle linked granted user_space clients waiting remote_clients mirrors" },
        { "times", "ssssqqqqqs", "database user path kind count p50_us p95_us p99_us max_us buckets" },
        { "kernel_times", "sssqqqqq", "database user kind count p50_us p95_us p99_us max_us" },
        {
            "mirrors", "sssissss" + "i" + "qqqqqqq" + "qqqqqqqq" + "qqqqq" + "qqqqq",
            "database mirror host port dbname statements fraction state connections sent mirrored skipped queued queued_bytes queue_bytes dropped "
            + "too_long queue_full client_gone mirror_down no_server ring_full unsupported reconfigured both_ok same_error mirror_failed primary_failed "
            + "codes_differ primary_p50_us primary_p99_us mirror_p50_us mirror_p99_us lag_us"
        },
        { "mirror_errors", "ssssqss", "database mirror primary_sqlstate mirror_sqlstate count last_seen statements" },
        { "mem", "siiii", "name size used free memtotal" },
        { "dns_hosts", "sqs", "hostname ttl addrs" },
        { "dns_zones", "sqi", "zonename serial count" },
        { "version", "s", "version" },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public void Columns_NamesTypesAndOrder_ArePgBouncers(string command, string types, string names)
    {
        IShowCommand? show = ShowCommands.Find(command);

        Assert.NotNull(show);
        Assert.Equal(names.Split(' '), show.Columns.Select(column => column.Name));
        Assert.Equal(types.Select(TypeOf), show.Columns.Select(column => column.Type));
    }

    [Fact]
    public void All_Commands_AreThoseOfTheTable() => Assert.Equal(
        Commands.Select(row => row.Data.Item1).Order(StringComparer.Ordinal),
        ShowCommands.All.Select(show => show.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Fill_EveryCommand_SuitsItsColumnsInTextAndBinary()
    {
        using ConsoleFixture console = new();
        console.Registry.GetPool(console.Registry.FindDatabase("db")!, "alice");
        foreach (IShowCommand show in ShowCommands.All)
        {
            ResultTable rows = new(show.Columns);
            show.Fill(rows, console.Context);
            rows.WriteRows(new(), ResultFormats.Text);
            rows.WriteRows(new(), new ResultFormats([1]));
        }
    }

    private static ColumnType TypeOf(char letter) => letter switch
    {
        's' or 'T' => ColumnType.Text,
        'i' => ColumnType.Int4,
        'q' => ColumnType.Int8,
        'N' => ColumnType.Numeric,
        _ => ColumnType.Bytea,
    };
}
