namespace Tigger.Tests.Fixtures;

/// <summary>An ErrorResponse during login.</summary>
public sealed class ServerErrorException(BackendMessage error) : Exception(error.Field('M'))
{
    public string? SqlState { get; } = error.Field('C');

    public string? Severity { get; } = error.Field('S');
}
