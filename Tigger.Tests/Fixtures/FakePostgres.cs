using System.Net;
using System.Net.Sockets;

namespace Tigger.Tests.Fixtures;

/// <summary>A server that follows a script: for faults a real PostgreSQL will not produce.</summary>
public sealed class FakePostgres : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<FakeConnection, Task> _script;
    private readonly List<FakeConnection> _connections = [];
    private readonly Task _accepting;
    private Exception? _fault;

    private FakePostgres(Func<FakeConnection, Task> script, string host)
    {
        _listener = new(IPAddress.Parse(host), 0);
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections accepted so far.</summary>
    public int Accepted
    {
        get
        {
            lock (_connections)
                return _connections.Count;
        }
    }

    /// <summary>Starts a server that runs the script for each connection and closes it where the script ends.</summary>
    public static FakePostgres Start(Func<FakeConnection, Task> script, string host = Topology.Loopback) => new(script, host);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var connection in _connections)
            connection.Dispose();
        if (_fault is not null)
            throw new InvalidOperationException("the script itself failed", _fault);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            FakeConnection connection;
            try
            {
                connection = new(await _listener.AcceptSocketAsync());
            }
            catch (Exception e) when (e is SocketException or InvalidOperationException)
            {
                return;
            }

            lock (_connections)
                _connections.Add(connection);
            _ = RunAsync(connection);
        }
    }

    private async Task RunAsync(FakeConnection connection)
    {
        try
        {
            await _script(connection);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The other side hung up, or the test is over: both are ordinary ends of a script.
        }
        catch (Exception e)
        {
            _fault = e;
        }
        finally
        {
            connection.Dispose();
        }
    }
}
