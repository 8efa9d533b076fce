namespace Tigger.Tests.Protocol;

/// <summary>
/// PostgreSQL's backend as far as replies go: PostgresMain, SocketBackend and CopyGetData, with errors and COPYs decided
/// by chance. Reads <see cref="Input"/> one message per step and answers into <see cref="Output"/>.
/// </summary>
internal sealed class BackendModel(Random random, double errorRate, double copyRate, bool before14)
{
    private bool _ignoreTillSync;
    private bool _doingExtendedQuery;
    private bool _copying;
    private int _statementsLeft;

    public Queue<byte> Input { get; } = new();

    public Queue<byte> Output { get; } = new();

    /// <summary>The connection is lost; nothing more comes.</summary>
    public bool Dead { get; private set; }

    public bool InCopy => _copying;

    /// <summary>Nothing to come but for new requests: the state in which another client may have this server.</summary>
    public bool IsIdle =>
        !_ignoreTillSync && !_copying && Output.All(type => "NSA".Contains((char)type)) && Input.All(type => "HdcfX".Contains((char)type));

    public void Step()
    {
        if (Chance(0.05))
        {
            Send("NSA"[random.Next(3)]);
        }

        if (_copying)
        {
            StepCopy();
        }
        else if (Input.TryDequeue(out byte type))
        {
            StepMain((char)type);
        }
    }

    private void StepMain(char type)
    {
        _doingExtendedQuery = "PBECDH".Contains(type);
        if (type == 'S')
        {
            _ignoreTillSync = false;
        }

        if (_ignoreTillSync || "Hdcf".Contains(type))
        {
            return;
        }

        if (type != 'Q' && Chance(errorRate))
        {
            Fail();
            return;
        }

        switch (type)
        {
            case 'Q':
                _statementsLeft = random.Next(4);
                if (_statementsLeft == 0)
                {
                    Send('I');
                }

                RunStatements();
                break;
            case 'F':
                Send('V', 'Z');
                break;
            case 'S':
                Send('Z');
                break;
            case 'P':
                Send('1');
                break;
            case 'B':
                Send('2');
                break;
            case 'C':
                Send('3');
                break;
            case 'D':
                if (Chance(0.5))
                {
                    Send('t');
                }

                Send(Chance(0.5) ? 'T' : 'n');
                break;
            case 'E' when Chance(copyRate):
                Send('G');
                _copying = true;
                break;
            case 'E':
                Rows();
                Send("CCIs"[random.Next(4)]);
                break;
        }
    }

    private void RunStatements()
    {
        for (; _statementsLeft > 0; _statementsLeft--)
        {
            if (Chance(errorRate))
            {
                Fail();
                return;
            }

            if (Chance(copyRate))
            {
                Send(Chance(0.8) ? 'G' : 'W');
                _copying = true;
                return;
            }

            if (Chance(0.1))
            {
                Send('H', 'd', 'd', 'c', 'C');
            }
            else
            {
                Send('T');
                Rows();
                Send('C');
            }
        }

        Send('Z');
    }

    private void StepCopy()
    {
        if (Chance(errorRate / 2))
        {
            Fail();
            return;
        }

        if (!Input.TryDequeue(out byte type))
        {
            return;
        }

        switch ((char)type)
        {
            case 'd' or 'H' or 'S':
                break;
            case 'f':
                Fail();
                break;
            case 'c':
                _copying = false;
                Send('C');
                if (!_doingExtendedQuery)
                {
                    _statementsLeft--;
                    RunStatements();
                }

                break;
            default:
                Fail();
                Dead = !before14;
                break;
        }
    }

    private void Fail()
    {
        _copying = false;
        Send('E');
        if (_doingExtendedQuery)
        {
            _ignoreTillSync = true;
        }
        else
        {
            Send('Z');
        }
    }

    private void Rows()
    {
        for (int i = random.Next(3); i > 0; i--)
        {
            Send('D');
        }
    }

    private void Send(params ReadOnlySpan<char> types)
    {
        foreach (char type in types)
        {
            Output.Enqueue((byte)type);
        }
    }

    private bool Chance(double rate) => random.NextDouble() < rate;
}
