using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

/// <summary>Keeps a record of each message about a statement, as callers of the ledger do, until nobody can know which reply is whose.</summary>
internal sealed class NotedStatements(ReplyLedger ledger)
{
    private readonly Queue<char> _noted = [];
    private bool _unclear;

    public bool Note(char type)
    {
        // After an error that is known the server ignores it, and there is nothing to keep a record of.
        if (!ledger.IsSkipping)
        {
            _noted.Enqueue(type);
        }

        return ledger.StatementMessage();
    }

    /// <summary>After a reply other than ReadyForQuery: if it completes a statement's message, it is of the kind for the oldest.</summary>
    public bool Answer(byte reply)
    {
        _unclear |= ledger.MayCountPhantomSyncs;
        if (_unclear || !ledger.StatementAnswered)
        {
            return true;
        }

        return _noted.TryDequeue(out char type) && (char)reply switch
        {
            '1' => type == 'P',
            '2' => type == 'B',
            '3' => type == 'C',
            'T' or 'n' => type == 'D',
            _ => false,
        };
    }

    /// <summary>After each reply: what was skipped has been noted, and nothing is left when nothing is owed.</summary>
    public bool Skip()
    {
        _unclear |= ledger.MayCountPhantomSyncs;
        for (int i = 0; i < ledger.StatementsSkipped; i++)
        {
            if (!_unclear && !_noted.TryDequeue(out _))
            {
                return false;
            }
        }

        return _unclear || !ledger.IsQuiet || _noted.Count == 0;
    }
}
