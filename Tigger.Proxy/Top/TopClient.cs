namespace Tigger.Top;

/// <summary>A client that has a server or waits for one.</summary>
/// <param name="Id">Its number, for KILL_CLIENT.</param>
/// <param name="Pool">Database and user.</param>
/// <param name="State">active or waiting.</param>
/// <param name="Address">Where it comes from.</param>
/// <param name="Application">application_name.</param>
/// <param name="Busy">How long it has waited for a server or its answer.</param>
internal sealed record TopClient(long Id, string Pool, string State, string Address, string Application, TimeSpan Busy);
