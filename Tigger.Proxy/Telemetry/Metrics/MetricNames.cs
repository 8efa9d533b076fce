using static Tigger.Telemetry.Metrics.MetricKind;
using static Tigger.Telemetry.Metrics.MetricLabels;

namespace Tigger.Telemetry.Metrics;

/// <summary>
/// Every metric there is. What is written to <c>/metrics</c>, sent by OTLP and found under the meter <see cref="Meter"/> comes from
/// here; names are OpenTelemetry's (<c>db.client.connection.*</c>) where it has one for the thing.
/// </summary>
public static class MetricNames
{
    /// <summary>Name of the meter and of OTLP's scope.</summary>
    public const string Meter = "Tigger";

    public static MetricDefinition Info { get; } = new("tigger.info", Gauge, "1", "Always 1; the version is in its label.", ProductVersion);

    public static MetricDefinition Uptime { get; } = new("process.uptime", Gauge, "s", "Time since the start of the process.");

    public static MetricDefinition ProcessorTime { get; } = new("process.cpu.time", Counter, "s", "Processor time of the process, user and system.");

    public static MetricDefinition Memory { get; } = new("process.memory.usage", UpDownCounter, "By", "Resident memory of the process.");

    public static MetricDefinition Clients { get; } = new(
        "tigger.client.count", UpDownCounter, "{client}", "Logged-in clients of a pool: idle, active (with a server) or waiting (for one).", Database, User, State);

    public static MetricDefinition LoggingIn { get; } = new("tigger.client.logging_in", UpDownCounter, "{client}", "Clients between accept and the end of their login.");

    public static MetricDefinition ClientLimit { get; } = new("tigger.client.max", UpDownCounter, "{client}", "max_client_conn.");

    public static MetricDefinition Accepted { get; } = new("tigger.client.connections", Counter, "{connection}", "Connections accepted.");

    public static MetricDefinition Logins { get; } = new(
        "tigger.client.logins", Counter, "{login}", "Logins by method and outcome: succeeded, refused, timeout, invalid or abandoned.", Method, Outcome);

    public static MetricDefinition ClientViolations { get; } = new(
        "tigger.client.protocol_violations", Counter, "{client}", "Clients disconnected for a message that PostgreSQL would not take either.");

    public static MetricDefinition Cancels { get; } = new(
        "tigger.client.cancel_requests", Counter, "{request}", "Cancel requests by what became of them: routed, unknown, forwarded or not_forwarded (to a peer).", Outcome);

    public static MetricDefinition Bytes { get; } = new(
        "tigger.client.io", Counter, "By", "Bytes from clients (receive) and to clients (transmit).", Database, User, DataPath, Direction);

    public static MetricDefinition LongestWait { get; } = new(
        "tigger.client.longest_wait", Gauge, "s", "How long the client at the head of the queue has waited.", Database, User);

    public static MetricDefinition Transactions { get; } = new("tigger.transactions", Counter, "{transaction}", "Transactions finished.", Database, User, DataPath);

    public static MetricDefinition Queries { get; } = new("tigger.queries", Counter, "{query}", "Queries answered.", Database, User, DataPath);

    public static MetricDefinition Assignments { get; } = new(
        "tigger.server.assignments", Counter, "{assignment}", "Times a server was lent to a client.", Database, User, DataPath);

    public static MetricDefinition TransactionTime { get; } = new(
        "tigger.transaction.duration", Histogram, "s", "Length of transactions, from the first query to the last answer, waits included.", Database, User, DataPath);

    public static MetricDefinition QueryTime { get; } = new(
        "tigger.query.duration", Histogram, "s", "Length of queries; those answered at once with others are one.", Database, User, DataPath);

    public static MetricDefinition WaitTime { get; } = new(
        "db.client.connection.wait_time", Histogram, "s", "How long clients that had to wait for a server waited.", Pool, Database, User, DataPath);

    public static MetricDefinition Parses { get; } = new(
        "tigger.prepared_statement.parses", Counter, "{parse}", "Named statements that clients prepared, and that Tigger prepared at servers for them.", Database, User, Side);

    public static MetricDefinition Binds { get; } = new("tigger.prepared_statement.binds", Counter, "{bind}", "Bind messages for named statements.", Database, User);

    public static MetricDefinition Connections { get; } = new(
        "db.client.connection.count", UpDownCounter, "{connection}", "Logged-in servers of a pool: idle, or used for whatever else.", Pool, Database, User, ConnectionState);

    public static MetricDefinition Servers { get; } = new(
        "tigger.server.count", UpDownCounter, "{server}", "Servers of a pool by state, in the words of SHOW POOLS: active, being_canceled, idle, used, tested or login.",
        Database, User, State);

    public static MetricDefinition PoolSize { get; } = new(
        "db.client.connection.max", UpDownCounter, "{connection}", "Servers a pool may have (pool_size); 0 = no limit.", Pool, Database, User);

    public static MetricDefinition Waiting { get; } = new(
        "db.client.connection.pending_requests", UpDownCounter, "{request}", "Clients that wait for a server.", Pool, Database, User);

    public static MetricDefinition ServerFailures { get; } = new(
        "tigger.server.failures", Counter, "{server}",
        "Servers lost by reason: login_failed, lost (PostgreSQL closed it), abandoned (its client left in the middle) or protocol_violation.", Reason);

    public static MetricDefinition ServerReplacements { get; } = new(
        "tigger.server.replacements", Counter, "{server}",
        "Servers closed by reason: exchanged (for a client with other startup parameters) or evicted (to make room for another pool).", Reason);

    public static MetricDefinition DirtyServers { get; } = new(
        "tigger.server.dirty", Counter, "{server}", "Servers in whose session a client of transaction pooling left something.");

    public static MetricDefinition PinnedServers { get; } = new(
        "tigger.server.pinned", Counter, "{server}", "Of the dirty servers, those that stayed with their client.");

    public static MetricDefinition Errors { get; } = new(
        "tigger.errors", Counter, "{error}",
        "Errors told to clients by SQLSTATE class: Tigger's own, and PostgreSQL's.", Origin, SqlStateClass);

    public static MetricDefinition MirrorSent { get; } = new(
        "tigger.mirror.sent", Counter, "{transaction}", "Transactions of sessions that are mirrored: every one is mirrored, skipped, dropped or queued.", Database, Mirror);

    public static MetricDefinition Mirrored { get; } = new(
        "tigger.mirror.transactions", Counter, "{transaction}",
        "Transactions carried out on a mirror by how they went there and on the primary: both_ok, same_error, mirror_failed, primary_failed or codes_differ.",
        Database, Mirror, Outcome);

    public static MetricDefinition MirrorSkipped { get; } = new(
        "tigger.mirror.skipped", Counter, "{transaction}", "Transactions that a mirror does not want (statements).", Database, Mirror);

    public static MetricDefinition MirrorDropped { get; } = new(
        "tigger.mirror.dropped", Counter, "{transaction}", "Transactions that a mirror did not get, by reason, in the words of SHOW MIRRORS.", Database, Mirror, Reason);

    public static MetricDefinition MirrorQueued { get; } = new(
        "tigger.mirror.queued", UpDownCounter, "{transaction}", "Transactions that wait for a mirror, or are being carried out.", Database, Mirror);

    public static MetricDefinition MirrorQueueBytes { get; } = new(
        "tigger.mirror.queue.usage", UpDownCounter, "By", "Memory that transactions for a mirror take, from their first request on.", Database, Mirror);

    public static MetricDefinition MirrorQueueLimit { get; } = new("tigger.mirror.queue.max", UpDownCounter, "By", "queue_bytes.", Database, Mirror);

    public static MetricDefinition MirrorLag { get; } = new(
        "tigger.mirror.lag", Gauge, "s", "How long ago the oldest transaction that a mirror has not finished ended on the primary; 0 = none is queued.", Database, Mirror);

    public static MetricDefinition MirrorConnections { get; } = new(
        "tigger.mirror.connections", UpDownCounter, "{connection}", "Connections to a mirror, open or being opened.", Database, Mirror);

    public static MetricDefinition MirrorUp { get; } = new("tigger.mirror.up", Gauge, "1", "0 while a mirror cannot be reached.", Database, Mirror);

    public static MetricDefinition MirrorTime { get; } = new(
        "tigger.mirror.transaction.duration", Histogram, "s", "Length of mirrored transactions on the mirror.", Database, Mirror);

    public static MetricDefinition MirroredPrimaryTime { get; } = new(
        "tigger.mirror.primary_transaction.duration", Histogram, "s",
        "Length of the same transactions on the primary, without the clients' own time.", Database, Mirror);

    public static MetricDefinition Paused { get; } = new("tigger.database.paused", Gauge, "1", "1 while the database is paused.", Database);

    public static MetricDefinition OnKernelPath { get; } = new("tigger.pool.kernel_path", Gauge, "1", "1 for a pool on the kernel path, 0 for one on the user path.", Database, User);

    public static MetricDefinition FallBacks { get; } = new(
        "tigger.kernel.fallbacks", Counter, "{send}", "Sends that the kernel path passed up to user space, by reason (escape_* of SHOW COUNTERS).", Reason);

    public static MetricDefinition KernelEvents { get; } = new(
        "tigger.kernel.events", Counter, "{event}", "What else the programs of the kernel path count (kernel_* of SHOW COUNTERS).", Reason);

    public static MetricDefinition ProgramTime { get; } = new(
        "tigger.kernel.program.time", Counter, "s", "Time spent in a program of the kernel path; only while kernel.bpf_stats_enabled is 1.", ProgramName);

    public static MetricDefinition ProgramRuns { get; } = new(
        "tigger.kernel.program.runs", Counter, "{run}", "Runs of a program of the kernel path; only while kernel.bpf_stats_enabled is 1.", ProgramName);

    public static MetricDefinition Reloads { get; } = new("tigger.config.reloads", Counter, "{reload}", "Reloads of the configuration: succeeded or refused.", Outcome);

    public static MetricDefinition QueryLog { get; } = new(
        "tigger.query_log.transactions", Counter, "{transaction}", "Transactions for the query log: written or lost.", Outcome);

    public static MetricDefinition Traces { get; } = new(
        "tigger.traces.transactions", Counter, "{transaction}", "Transactions of which a span was made (span), or that could not be looked at (lost).", Outcome);

    public static MetricDefinition SuppressedLines { get; } = new("tigger.log.suppressed_lines", Counter, "{line}", "Log lines left out because the same line came too often.");

    public static MetricDefinition FoldedPools { get; } = new(
        "tigger.metrics.folded_pools", Counter, "{pool}", "Pools beyond metrics_max_pools, which share the labels \"other\"; each is counted once.");

    /// <summary>In the order they are written.</summary>
    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        Info, Uptime, ProcessorTime, Memory,
        Clients, LoggingIn, ClientLimit, Accepted, Logins, ClientViolations, Cancels, Bytes, LongestWait,
        Transactions, Queries, Assignments, TransactionTime, QueryTime, WaitTime, Parses, Binds,
        Connections, Servers, PoolSize, Waiting, ServerFailures, ServerReplacements, DirtyServers, PinnedServers, Errors,
        MirrorSent, Mirrored, MirrorSkipped, MirrorDropped, MirrorQueued, MirrorQueueBytes, MirrorQueueLimit, MirrorLag,
        MirrorConnections, MirrorUp, MirrorTime, MirroredPrimaryTime,
        Paused, OnKernelPath, FallBacks, KernelEvents, ProgramTime, ProgramRuns,
        Reloads, QueryLog, Traces, SuppressedLines, FoldedPools,
    ];
}
