namespace Tigger.Protocol;

/// <summary>
/// Ring of runs, oldest first. Storage is allocated with the first run, doubles when full and is then kept, so a
/// session allocates nothing once it has seen its longest pipeline.
/// </summary>
internal struct ReplyRuns
{
    private const int InitialCapacity = 4;

    private ReplyRun[]? _ring;
    private int _head;

    /// <summary>Number of runs.</summary>
    public int Length { get; private set; }

    public readonly bool IsEmpty => Length == 0;

    /// <summary>The oldest run; only valid if there is one.</summary>
    public readonly ref ReplyRun Head => ref _ring![_head];

    /// <summary>The run at <paramref name="index"/> from the head; only valid below <see cref="Length"/>.</summary>
    public readonly ref ReplyRun At(int index) => ref _ring![_head + index & _ring.Length - 1];

    /// <summary>Adds one message at the tail; false if that would take more than <paramref name="maxRuns"/> runs.</summary>
    public bool TryPush(ReplyKind kind, int maxRuns)
    {
        if (Length > 0)
        {
            ref ReplyRun last = ref At(Length - 1);
            if (last.Kind == kind && last.Count < int.MaxValue)
            {
                last.Count++;
                return true;
            }
        }

        if (Length >= maxRuns)
        {
            return false;
        }

        MakeRoom();
        Length++;
        At(Length - 1) = new ReplyRun { Kind = kind, Count = 1 };
        return true;
    }

    /// <summary>Puts a run in front of all others.</summary>
    public void PushFront(ReplyKind kind, int count)
    {
        MakeRoom();
        _head = _head - 1 & _ring!.Length - 1;
        Length++;
        Head = new ReplyRun { Kind = kind, Count = count };
    }

    /// <summary>Removes the oldest run.</summary>
    public void DropRun()
    {
        _head = _head + 1 & _ring!.Length - 1;
        Length--;
    }

    /// <summary>Removes the oldest message.</summary>
    public void DropOne()
    {
        if (--Head.Count == 0)
        {
            DropRun();
        }
    }

    /// <summary>Removes the run behind the head and returns its length; the head moves into its place.</summary>
    public int DropSecondRun()
    {
        ReplyRun head = Head;
        int count = At(1).Count;
        DropRun();
        Head = head;
        return count;
    }

    /// <summary>Removes everything and keeps the storage.</summary>
    public void Clear() => Length = 0;

    private void MakeRoom()
    {
        if (_ring is null)
        {
            _ring = new ReplyRun[InitialCapacity];
        }
        else if (Length == _ring.Length)
        {
            ReplyRun[] larger = new ReplyRun[_ring.Length * 2];
            for (int i = 0; i < Length; i++)
            {
                larger[i] = At(i);
            }

            _ring = larger;
            _head = 0;
        }
    }
}
