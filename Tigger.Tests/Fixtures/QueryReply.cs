namespace Tigger.Tests.Fixtures;

/// <summary>Everything that came back up to and including ReadyForQuery.</summary>
public sealed record QueryReply(IReadOnlyList<BackendMessage> Messages)
{
    public IReadOnlyList<string?[]> Rows => Of('D').Select(message => message.Row()).ToList();

    public IReadOnlyList<string> Tags => Of('C').Select(message => message.Text()).ToList();

    public IReadOnlyList<BackendMessage> Errors => Of('E').ToList();

    public IReadOnlyList<BackendMessage> Notices => Of('N').ToList();

    public string? SqlState => Errors.Count == 0 ? null : Errors[0].Field('C');

    public char Status => Messages[^1].TransactionStatus;

    /// <summary>The type bytes in order, as in "TDCZ".</summary>
    public string Types => string.Concat(Messages.Select(message => message.Type));

    public string? Scalar => Rows.Count == 0 ? null : Rows[0][0];

    public QueryReply Succeeded()
    {
        Assert.True(Errors.Count == 0, string.Join('\n', Errors));
        return this;
    }

    private IEnumerable<BackendMessage> Of(char type) => Messages.Where(message => message.Type == type);
}
