using System.Text;
using Tigger.Recording;

namespace Tigger.Tests.Recording;

/// <summary>The file of a recording, whole, torn at any byte and damaged at any byte.</summary>
public sealed class RecordFormatTests
{
    private static readonly RecordHeader Header = new("shop", DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123), ["client_encoding", "TimeZone"]);

    private static readonly byte[] File = [.. RecordFormat.Magic, .. RecordFormat.Write(Header), .. Record(1), .. Record(2), .. Record(3)];

    [Fact]
    public void What_was_written_is_read()
    {
        var reader = new RecordReader(new MemoryStream(File));
        Assert.Equal(Header.Database, reader.Header.Database);
        Assert.Equal(Header.StartedAt, reader.Header.StartedAt);
        Assert.Equal(Header.Parameters, reader.Header.Parameters);
        for (var sequence = 1; sequence <= 3; sequence++)
            Assert.Equivalent(Transaction(sequence), reader.Next(), strict: true);
        Assert.Null(reader.Next());
        Assert.False(reader.IsTorn);
    }

    [Fact]
    public void A_file_cut_anywhere_ends_at_its_last_whole_record()
    {
        var head = RecordFormat.Magic.Length + RecordFormat.Write(Header).Length;
        for (var length = head; length < File.Length; length++)
        {
            var reader = new RecordReader(new MemoryStream(File[..length]));
            var whole = (length - head) / Record(1).Length;
            for (var i = 0; i < whole; i++)
                Assert.NotNull(reader.Next());
            Assert.Null(reader.Next());
            Assert.Equal((length - head) % Record(1).Length > 0, reader.IsTorn);
        }
    }

    [Fact]
    public void Damage_anywhere_in_a_record_is_noticed()
    {
        var start = File.Length - Record(3).Length;
        for (var at = start; at < File.Length; at++)
        {
            var damaged = File.ToArray();
            damaged[at] ^= 0x10;
            var reader = new RecordReader(new MemoryStream(damaged));
            Assert.NotNull(reader.Next());
            Assert.NotNull(reader.Next());
            Assert.Null(reader.Next());
            Assert.True(reader.IsTorn);
        }
    }

    [Fact]
    public void Another_file_is_refused() =>
        Assert.Throws<InvalidDataException>(() => new RecordReader(new MemoryStream("-- a dump\n"u8.ToArray())));

    /// <summary>RFC 3720, B.4.</summary>
    [Fact]
    public void Checksum_is_that_of_the_standard()
    {
        Assert.Equal(0x8A9136AAu, Crc32C.Of(new byte[32]));
        Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));
    }

    private static byte[] Record(int sequence) => RecordFormat.Write(Transaction(sequence));

    private static RecordedTransaction Transaction(int sequence) => new()
    {
        Client = 7,
        Sequence = sequence,
        StartedAt = TimeSpan.FromMilliseconds(5),
        EndedAt = TimeSpan.FromMilliseconds(9),
        BusyTime = TimeSpan.FromMilliseconds(3),
        SqlState = "23505",
        OwnsServer = true,
        User = "alice",
        Parameters = ["UTF8", null],
        Named = [Encoding.ASCII.GetBytes("SELECT 1\0\0\0"), null],
        Bytes = [(byte)'S', 0, 0, 0, 4],
    };
}
