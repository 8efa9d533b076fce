using Tigger.Auth;
using Tigger.Pooling;
using Tigger.Protocol;

namespace Tigger.Tests.Pooling;

public sealed class AuthQueryReplyTests
{
    private static readonly byte[] Done = ReadyForQuery.Build(TransactionStatus.Idle);

    [Fact]
    public void Take_Row_GivesNameAndSecret()
    {
        AuthQueryReply reply = Read([.. Message('1'), .. Message('2'), .. Columns(2), .. Row("alice", "pw"), .. Message('C', "SELECT 1\0"u8), .. Done]);
        Assert.Null(reply.Fault);
        Assert.True(reply.IsDone);
        Assert.Equal("alice", reply.Row!.Name);
        Assert.Equal("pw", reply.Row.Secret.Plain);
    }

    [Fact]
    public void Take_AnySplit_GivesTheSame()
    {
        byte[] all = [.. Columns(2), .. Row("alice", "pw"), .. Done];
        for (int cut = 0; cut <= all.Length; cut++)
        {
            AuthQueryReply reply = new();
            int taken = reply.Take(all.AsSpan(0, cut), _ => true);
            taken += reply.Take(all.AsSpan(taken), _ => true);
            Assert.Equal(all.Length, taken);
            Assert.True(reply.IsDone);
            Assert.Equal("alice", reply.Row!.Name);
        }
    }

    [Fact]
    public void Take_NullSecret_IsAUserNobodyCanBe() =>
        Assert.Equal(SecretKind.None, Read([.. Row("alice", null), .. Done]).Row!.Secret.Kind);

    [Fact]
    public void Take_NoRow_IsNoUser()
    {
        AuthQueryReply reply = Read([.. Columns(2), .. Done]);
        Assert.True(reply is { IsDone: true, Fault: null, Row: null });
    }

    public static TheoryData<byte[], string> Faults { get; } = new()
    {
        { Columns(1), "expected 2 columns from auth_query, not 1" },
        { Columns(3), "expected 2 columns from auth_query, not 3" },
        { Row("alice"), "expected 2 columns from auth_query, not 1" },
        { Row(null, "pw"), "auth_query response contained null user name" },
        { Message('D', [0, 2, 0, 0, 0, 99]), "bad packet" },
        { Message('D', [0, 2, 0xff, 0xff, 0xff, 0xfe]), "bad packet" },
        { Message('D', [0]), "bad packet" },
        { [(byte)'D', 0, 0, 0, 3], "bad packet" },
        { [(byte)'D', 0xff, 0xff, 0xff, 0xff], "bad packet" },

        // Without an SQLSTATE (CVE-2026-6666), and without anything.
        { Message('E', "SERROR\0Mdenied\0\0"u8), "error response from auth_query: denied" },
        { Message('E'), "error response from auth_query: unknown error" },
        { Message('G', [0, 0, 0]), "unexpected response from auth_query" },
        { ReadyForQuery.Build(TransactionStatus.InTransaction), "unexpected response from auth_query" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Take_WrongAnswer_SaysWhy(byte[] answer, string fault) => Assert.Equal(fault, Read(answer).Fault);

    private static AuthQueryReply Read(byte[] bytes)
    {
        AuthQueryReply reply = new();
        _ = reply.Take(bytes, _ => true);
        return reply;
    }

    private static byte[] Message(char type, ReadOnlySpan<byte> body = default) =>
        new MessageWriter().Begin((byte)type).Bytes(body).End().ToArray();

    private static byte[] Columns(short count) => new MessageWriter().Begin(BackendCode.RowDescription).Int16(count).End().ToArray();

    private static byte[] Row(params string?[] values)
    {
        MessageWriter writer = new MessageWriter().Begin(BackendCode.DataRow).Int16((short)values.Length);
        foreach (string? value in values)
        {
            writer.Int32(value?.Length ?? -1).Text(value ?? "");
        }

        return writer.End().ToArray();
    }
}
