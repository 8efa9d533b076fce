using Tigger.Pooling;

namespace Tigger.Sessions;

/// <summary>
/// Answers of auth_query, kept for a moment, and the runs under way. Logins of one user that come together share runs: one that
/// began before a login may have seen an older password, so those that need to be sure share the next one. Users that the query
/// does not know are not kept. Bounded: by a number of answers, and by the logins in progress.
/// </summary>
internal sealed class AuthQueryCache(TimeProvider clock)
{
    /// <summary>Answers kept at most, some hundred bytes each.</summary>
    internal const int MaximumAnswers = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<AuthQueryKey, Entry> _entries = [];

    /// <summary>Keys with an answer or a run.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>An answer that is not older than <paramref name="patience"/>; null: there is none.</summary>
    public AuthQueryRow? Find(AuthQueryKey key, TimeSpan patience)
    {
        lock (_lock)
        {
            return _entries.GetValueOrDefault(key) is { Answer: { } answer } entry && clock.GetElapsedTime(entry.AnsweredAt) < patience
                ? answer
                : null;
        }
    }

    /// <summary>The answer of a run that begins now or later.</summary>
    /// <param name="key">What is asked.</param>
    /// <param name="run">Asks; called once for all who share the run.</param>
    public Task<AuthQueryRow?> AskAsync(AuthQueryKey key, Func<Task<AuthQueryRow?>> run)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out Entry? entry))
            {
                MakeRoom();
                _entries[key] = entry = new Entry();
            }

            entry.Next ??= new TaskCompletionSource<AuthQueryRow?>(TaskCreationOptions.RunContinuationsAsynchronously);
            entry.Run = run;
            if (!entry.IsRunning)
            {
                entry.IsRunning = true;
                _ = Task.Run(() => RunAllAsync(key, entry));
            }

            return entry.Next.Task;
        }
    }

    /// <summary>One run after the other, for as long as somebody waits for a later one.</summary>
    private async Task RunAllAsync(AuthQueryKey key, Entry entry)
    {
        while (true)
        {
            TaskCompletionSource<AuthQueryRow?> waiting;
            Func<Task<AuthQueryRow?>> run;
            long beganAt = clock.GetTimestamp();
            lock (_lock)
            {
                if (entry.Next is null)
                {
                    entry.IsRunning = false;
                    if (entry.Answer is null)
                    {
                        _entries.Remove(key);
                    }

                    return;
                }

                waiting = entry.Next;
                run = entry.Run!;
                entry.Next = null;
            }

            try
            {
                AuthQueryRow? answer = await run();
                Keep(entry, answer, beganAt);
                waiting.SetResult(answer);
            }
#pragma warning disable CA1031 // Whatever it was, it is for those who wait, and others may be waiting for the next run.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Keep(entry, null, beganAt);
                waiting.SetException(fault);

                // They may all have left.
                _ = waiting.Task.Exception;
            }
        }
    }

    private void Keep(Entry entry, AuthQueryRow? answer, long beganAt)
    {
        lock (_lock)
        {
            entry.Answer = answer;
            entry.AnsweredAt = beganAt;
        }
    }

    /// <summary>Forgets all answers when there are too many; who logs in again is asked for again. The lock is held.</summary>
    private void MakeRoom()
    {
        if (_entries.Count < MaximumAnswers)
        {
            return;
        }

        foreach ((AuthQueryKey key, Entry entry) in _entries)
        {
            if (!entry.IsRunning)
            {
                _entries.Remove(key);
            }
        }
    }

    private sealed class Entry
    {
        /// <summary>The last run's; null: it failed, or knew no such user.</summary>
        public AuthQueryRow? Answer { get; set; }

        /// <summary>Timestamp of the beginning of the run that gave it.</summary>
        public long AnsweredAt { get; set; }

        public bool IsRunning { get; set; }

        /// <summary>How the next run asks.</summary>
        public Func<Task<AuthQueryRow?>>? Run { get; set; }

        /// <summary>Those who wait for a run that has not begun; null: nobody.</summary>
        public TaskCompletionSource<AuthQueryRow?>? Next { get; set; }
    }
}
