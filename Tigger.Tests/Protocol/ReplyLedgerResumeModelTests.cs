using System.Text;
using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

/// <summary>Random traffic that is only counted at first, as the kernel does, and taken over at a random moment.</summary>
public sealed class ReplyLedgerResumeModelTests
{
    private static readonly string[] Phrases =
        ["Q", "S", "PBDES", "PBES", "PBES", "PBESddcS", "Qddc", "Qdf", "PBEddcS", "PBEHS", "PBEPBEPBES", "PHQ", "PBHQS", "PBQES", "F"];

    private static readonly string CopyByClient = "dcf";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void IsQuiet_TakenOverAnywhere_IsNeverTooEarly(bool before14)
    {
        int quiet = 0;
        for (int seed = 0; seed < 12_000; seed++)
        {
            quiet += Run(seed, before14) ? 1 : 0;
        }

        Assert.InRange(quiet, 4_000, 12_000);
    }

    /// <returns>True if the ledger was quiet in the end.</returns>
    private static bool Run(int seed, bool before14)
    {
        Random random = new(seed);
        BackendModel server = new(random, seed % 3 * 0.08, seed % 5 * 0.06, before14);
        ReplyLedger ledger = new();
        StringBuilder trace = new($"seed {seed}:");
        Queue<char> toSend = new();
        int budget = random.Next(5, 60);
        int takeOverAt = random.Next(budget);
        int owed = 0, headExtended = 0, open = 0;
        bool plain = true;
        bool taken = false;
        while (!server.Dead)
        {
            bool done = toSend.Count == 0 && budget <= 0;
            if (!done && random.Next(3) == 0)
            {
                if (toSend.Count == 0)
                {
                    Array.ForEach(Phrases[random.Next(Phrases.Length)].ToCharArray(), toSend.Enqueue);
                }

                char sent = toSend.Dequeue();
                if (budget-- == takeOverAt || CopyByClient.Contains(sent))
                {
                    TakeOver();
                }

                trace.Append(" >").Append(sent);
                server.Input.Enqueue((byte)sent);
                if (taken)
                {
                    Assert.True(ledger.ClientMessage((byte)sent));
                }
                else
                {
                    CountRequest(sent);
                }
            }
            else if (random.Next(2) == 0 && server.Output.TryDequeue(out byte type))
            {
                if (type is BackendCode.CopyInResponse or BackendCode.CopyBothResponse)
                {
                    TakeOver();
                }

                trace.Append(" <").Append((char)type);
                CountReply(type);
            }
            else
            {
                server.Step();
            }

            if (taken && ledger.IsQuiet)
            {
                Assert.True(server.IsIdle && ledger.IsEmpty && ledger.ExpectedReadyForQuery == 0, $"Quiet too early: {trace}");
            }

            if (done && server.Output.Count == 0 && server.Input.Count == 0)
            {
                return taken && ledger.IsQuiet;
            }
        }

        return false;

        void TakeOver()
        {
            if (!taken)
            {
                taken = true;
                trace.Append($" [{owed} {headExtended} {open}]");
                ledger.Resume(owed, headExtended, open);
            }
        }

        void CountRequest(char type)
        {
            switch (type)
            {
                case 'Q' or 'F':
                    owed++;
                    headExtended = 0;
                    plain = false;
                    break;
                case 'S':
                    headExtended = owed == 0 && plain ? open : 0;
                    owed++;
                    open = 0;
                    plain = true;
                    break;
                case not 'H':
                    open++;
                    break;
            }
        }

        void CountReply(byte type)
        {
            if (type == BackendCode.ReadyForQuery)
            {
                Assert.True(taken ? ledger.ReadyForQuery() : owed-- > 0, $"Not expected: {trace}");
                headExtended = 0;
            }
            else if (taken)
            {
                ledger.ServerMessage(type);
            }
        }
    }
}
