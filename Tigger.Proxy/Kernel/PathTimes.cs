namespace Tigger.Kernel;

/// <summary>How long the transactions, queries and waits of a pool took on one data path.</summary>
public readonly record struct PathTimes(TimeHistogram Transactions, TimeHistogram Queries, TimeHistogram Waits);
