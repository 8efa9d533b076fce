using System.Text;
using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

/// <summary>The ledger against a model of PostgreSQL: random streams, random interleaving, errors anywhere.</summary>
public sealed class ReplyLedgerModelTests
{
    private static readonly string[] Clients =
    [
        "Q", "QPBEDCHSFdcf", "QQSPBEDCHSFF", "PBEDCHS", "PBEDCHSSSS", "PPPPBBBBEEEES", "QQQQdcfS", "EEESSdddcf", "EQSdcH",
    ];

    private static readonly string[] Phrases =
    [
        "Q", "S", "PBDES", "PBES", "PBESddcS", "Qddc", "Qdf", "PBEddcS", "PDHBEHS", "PBEPBEPBES", "F", "CS", "QcQ",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void IsQuiet_RandomTraffic_IsNeverTooEarlyAndComesAtTheLastReady(bool before14)
    {
        int settled = 0;
        for (int seed = 0; seed < 12_000; seed++)
        {
            settled += Run(seed, before14) ? 1 : 0;
        }

        Assert.InRange(settled, 4_000, 12_000);
    }

    /// <returns>True if the count could be checked exactly to the end.</returns>
    private static bool Run(int seed, bool before14)
    {
        Random random = new(seed);
        BackendModel server = new(random, seed % 3 * 0.08, seed % 5 * 0.06, before14);
        ReplyLedger ledger = new();
        NotedStatements statements = new(ledger);
        StringBuilder trace = new($"seed {seed}:");
        int burst = seed % 50 == 0 ? 4000 : 0;
        int budget = burst > 0 ? burst + 50 : random.Next(5, 120);
        string client = Clients[random.Next(Clients.Length)];
        bool phrases = random.Next(2) == 0;
        Queue<char> toSend = new();

        // A COPY is open from its start in the server until its end has reached the ledger. If it fails after its client
        // sent more than CopyData, CopyDone and CopyFail, nobody can know what it swallowed.
        bool copyOpen = false;
        bool tainted = false;
        bool exact = true;

        while (!server.Dead)
        {
            bool ready = false;
            if (budget > 0 && (burst > 0 || random.Next(3) == 0))
            {
                burst--;
                budget--;
                if (toSend.Count == 0)
                {
                    foreach (char type in phrases ? Phrases[random.Next(Phrases.Length)] : client[random.Next(client.Length)].ToString())
                    {
                        toSend.Enqueue(type);
                    }
                }

                char sent = toSend.Dequeue();
                trace.Append(" >").Append(sent);
                server.Input.Enqueue((byte)sent);
                bool named = "PBDC".Contains(sent) && random.Next(3) == 0;
                Require(named ? statements.Note(sent) : ledger.ClientMessage((byte)sent), "Refused", trace);
                tainted |= copyOpen && !"dcfH".Contains(sent);
            }
            else if (random.Next(2) == 0 && server.Output.TryDequeue(out byte type))
            {
                trace.Append(" <").Append((char)type);
                ready = type == BackendCode.ReadyForQuery;
                if (ready)
                {
                    Require(ledger.ReadyForQuery(), "Not expected", trace);
                }
                else
                {
                    ledger.ServerMessage(type);
                    Require(statements.Answer(type), "Not the reply to the oldest statement", trace);
                }

                Require(statements.Skip(), "Statements that were never noted, or left behind", trace);
                if (copyOpen && type is BackendCode.CommandComplete or BackendCode.ErrorResponse)
                {
                    exact &= !(tainted && type == BackendCode.ErrorResponse);
                    copyOpen = server.InCopy || server.Output.Contains(BackendCode.CopyInResponse)
                        || server.Output.Contains(BackendCode.CopyBothResponse) || server.Output.Contains(BackendCode.ErrorResponse);
                    tainted &= copyOpen;
                }
            }
            else
            {
                bool inCopy = server.InCopy;
                server.Step();
                if (server.InCopy && !inCopy)
                {
                    copyOpen = true;
                    tainted |= server.Input.Any(waiting => !"dcfH".Contains((char)waiting));
                }
            }

            if (ledger.IsQuiet)
            {
                Require(server.IsIdle && ledger.IsEmpty && ledger.ExpectedReadyForQuery == 0, "Quiet too early", trace);
            }
            else
            {
                Require(!exact || !ready || !server.IsIdle, "Not quiet at the last ReadyForQuery", trace);
            }

            if (budget == 0 && server.Output.Count == 0 && server.Input.Count == 0)
            {
                return exact;
            }
        }

        return false;
    }

    private static void Require(bool condition, string message, StringBuilder trace)
    {
        if (!condition)
        {
            Assert.Fail($"{message}: {trace}");
        }
    }
}
