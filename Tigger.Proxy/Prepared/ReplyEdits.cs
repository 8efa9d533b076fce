using Tigger.Protocol;

namespace Tigger.Prepared;

/// <summary>What is to be changed in a piece of a server's stream before it goes on; nearly always nothing.</summary>
internal sealed class ReplyEdits
{
    private List<(ReplyAction Action, int Start, int End)>? _edits;

    /// <summary>Notes what becomes of the message from <paramref name="start"/> up to <paramref name="end"/>; in rising order.</summary>
    public void Add(ReplyAction action, int start, int end)
    {
        if (action != ReplyAction.Forward)
        {
            (_edits ??= []).Add((action, start, end));
        }
    }

    /// <summary>Changes the data in place and forgets what was noted. Returns how many bytes at its front go on.</summary>
    public int Apply(Span<byte> data)
    {
        if (_edits is not { Count: > 0 })
        {
            return data.Length;
        }

        int to = _edits[0].Start;
        for (int i = 0; i < _edits.Count; i++)
        {
            (ReplyAction action, int start, int end) = _edits[i];
            if (action == ReplyAction.TurnIntoParseComplete)
            {
                data[start] = BackendCode.ParseComplete;
                end = start;
            }

            Span<byte> rest = data[end..(i + 1 < _edits.Count ? _edits[i + 1].Start : data.Length)];
            rest.CopyTo(data[to..]);
            to += rest.Length;
        }

        _edits.Clear();
        return to;
    }
}
