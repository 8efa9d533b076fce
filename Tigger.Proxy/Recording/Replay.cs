using System.Threading.Channels;
using Tigger.Config;
using Tigger.Mirroring;
using Tigger.Pooling;
using Tigger.Prepared;

namespace Tigger.Recording;

/// <summary>
/// Plays a recording against a PostgreSQL, as a mirror would get it: each client's transactions one at a time and in order, with
/// the pauses between them that there were, or without.
/// </summary>
internal sealed class Replay
{
    private const long QueueBytes = 256 * 1024 * 1024;

    private static readonly TimeSpan RoomPause = TimeSpan.FromMilliseconds(1);

    private readonly RecordReader _recording;
    private readonly double _speed;
    private readonly Mirror _mirror;
    private readonly PoolRegistry _registry;
    private readonly StatementTable _table = new();
    private readonly Dictionary<long, (Channel<RecordedTransaction> Queue, Task Player)> _clients = [];
    private readonly Dictionary<long, long> _lastSequence = [];
    private readonly TimeProvider _clock = TimeProvider.System;
    private long _startedAt;
    private long _read;

    /// <param name="recording">What to play.</param>
    /// <param name="target">Against what.</param>
    /// <param name="connections">At most, for each user.</param>
    /// <param name="speed">1: the pauses there were; 2: half of them; 0: none.</param>
    public Replay(RecordReader recording, ToolPool target, int connections, double speed)
    {
        _recording = recording;
        _speed = speed;
        _registry = target.Registry;
        MirrorConfig config = new() { Name = "target", PoolSize = connections, QueueBytes = QueueBytes };
        _mirror = new Mirror(target.Registry, target.Target, config, new MirrorCounts());
    }

    public MirrorCounts Counts => _mirror.Counts;

    /// <summary>Transactions that are missing in the recording.</summary>
    public long Missing { get; private set; }

    /// <summary>Why the target cannot be reached; null: it can.</summary>
    public string? Fault => _mirror.Fault;

    /// <summary>Plays it to its end.</summary>
    public async Task RunAsync()
    {
        _startedAt = _clock.GetTimestamp();
        while (_recording.Next() is { } transaction)
        {
            NoteGap(transaction);
            while (Volatile.Read(ref _read) > QueueBytes)
            {
                await Task.Delay(RoomPause);
            }

            Interlocked.Add(ref _read, transaction.Bytes.Length);
            if (!_clients.TryGetValue(transaction.Client, out var client))
            {
                var queue = Channel.CreateUnbounded<RecordedTransaction>();
                _clients[transaction.Client] = client = (queue, PlayAsync(queue.Reader, SourceOf(transaction)));
            }

            client.Queue.Writer.TryWrite(transaction);
        }

        foreach (var (queue, _) in _clients.Values)
        {
            queue.Writer.Complete();
        }

        await Task.WhenAll(_clients.Values.Select(client => client.Player));
        _mirror.Retire();
    }

    private void NoteGap(RecordedTransaction transaction)
    {
        if (_lastSequence.TryGetValue(transaction.Client, out long last))
        {
            Missing += transaction.Sequence - last - 1;
        }

        _lastSequence[transaction.Client] = transaction.Sequence;
    }

    private MirrorSource SourceOf(RecordedTransaction transaction) => new(
        transaction.Client, transaction.User, new SessionStartup(new ParameterProfile(_registry.Tracked.Names.Count), []),
        transaction.OwnsServer, _table, () => []);

    private async Task PlayAsync(ChannelReader<RecordedTransaction> transactions, MirrorSource source)
    {
        TimeSpan? endedAt = null;
        await foreach (RecordedTransaction recorded in transactions.ReadAllAsync())
        {
            // The first comes as late as it came; from then on it is the client that pauses.
            TimeSpan pause = endedAt is { } before ? recorded.StartedAt - before : recorded.StartedAt - _clock.GetElapsedTime(_startedAt) * _speed;
            if (_speed > 0 && pause > TimeSpan.Zero)
            {
                await Task.Delay(pause / _speed);
            }

            endedAt = recorded.EndedAt;
            MirrorTransaction transaction = ToTransaction(recorded, source);
            while (!_mirror.TryCharge(transaction.Capacity))
            {
                await Task.Delay(RoomPause);
            }

            Task finished = transaction.Finished;
            _mirror.Accept(transaction);
            await finished;
            Interlocked.Add(ref _read, -recorded.Bytes.Length);
        }

        _mirror.Left(source);
    }

    private MirrorTransaction ToTransaction(RecordedTransaction recorded, MirrorSource source)
    {
        ParameterProfile parameters = new(_registry.Tracked.Names.Count);
        foreach ((string name, string? value) in _recording.Header.Parameters.Zip(recorded.Parameters))
        {
            parameters = value is null ? parameters : parameters.With(_registry.Tracked.IndexOf(name), value);
        }

        MirrorTransaction transaction = new(source, recorded.Sequence, parameters, 0);
        transaction.Append(recorded.Bytes);
        foreach (byte[]? text in recorded.Named)
        {
            PreparedStatement? statement = text is null ? null : _table.Take(text, 0);
            transaction.AddNamed(statement);
            if (statement is not null)
            {
                _table.Release(statement);
            }
        }

        transaction.Outcome = new TransactionOutcome(
            0, 0, (long)(recorded.BusyTime.TotalSeconds * _clock.TimestampFrequency), recorded.SqlState.Length == 0 ? null : recorded.SqlState);
        return transaction;
    }
}
