namespace Tigger.Sessions;

/// <summary>What SHOW STATS adds up. Times are in timestamp ticks (see <see cref="TimeProvider.TimestampFrequency"/>).</summary>
public struct SessionCounters
{
    /// <summary>Times a server was assigned to a client.</summary>
    public long Assignments;

    public long Transactions;

    public long Queries;

    /// <summary>Bytes from clients.</summary>
    public long Received;

    /// <summary>Bytes from servers.</summary>
    public long Sent;

    public long TransactionTime;

    public long QueryTime;

    public long WaitTime;

    public long ClientParses;

    public long ServerParses;

    public long Binds;

    public long Logins;

    public void Add(in SessionCounters other)
    {
        Assignments += other.Assignments;
        Transactions += other.Transactions;
        Queries += other.Queries;
        Received += other.Received;
        Sent += other.Sent;
        TransactionTime += other.TransactionTime;
        QueryTime += other.QueryTime;
        WaitTime += other.WaitTime;
        ClientParses += other.ClientParses;
        ServerParses += other.ServerParses;
        Binds += other.Binds;
        Logins += other.Logins;
    }
}
