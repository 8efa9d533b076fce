namespace Tigger.Benchmarks.Report;

/// <summary>One measurement to be made.</summary>
/// <param name="Section">The part of the report that wants it.</param>
/// <param name="Workload">One of <see cref="Report.Workload.All"/>.</param>
/// <param name="Network">Where clients are and how they talk: local, remote or tls.</param>
/// <param name="Clients">Connections of pgbench.</param>
/// <param name="Pool">Servers of a pooler's pool.</param>
/// <param name="Rate">Transactions per second that are asked for; 0 = as many as can be had.</param>
/// <param name="Target">One of <see cref="Targets"/>.</param>
/// <param name="Round">From 1.</param>
internal sealed record ReportCell(string Section, string Workload, string Network, int Clients, int Pool, int Rate, string Target, int Round);
