namespace Tigger.Admin;

/// <summary>A statement bound for execution (PostgreSQL: "Extended Query").</summary>
internal sealed record AdminPortal(AdminStatement Statement, ResultFormats Formats);
