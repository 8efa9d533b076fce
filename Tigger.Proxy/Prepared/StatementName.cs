namespace Tigger.Prepared;

/// <summary>
/// Names at the servers that are as long as the clients': whoever puts one in the place of the other moves no byte. A name begins
/// with a punctuation mark, which no name does that is written in SQL without quotes or made up by a driver; printable, because
/// logs and pg_prepared_statements show it. Plain ASCII, so every encoding has it.
/// </summary>
public static class StatementName
{
    /// <summary>PostgreSQL tells no longer names apart (NAMEDATALEN), and the programs have no room for them.</summary>
    public const int MaximumLength = Kernel.Slots.SlotLimits.NameLength - 1;

    private static ReadOnlySpan<byte> Marks => "~!#%&*+,-./:;<=>?@^|"u8;

    private static ReadOnlySpan<byte> Digits => "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8;

    /// <summary>Whether a client's name could be one of these.</summary>
    public static bool IsReserved(ReadOnlySpan<byte> name) => !name.IsEmpty && Marks.Contains(name[0]);

    /// <summary>The one of these statements that has this name at the servers, and a number; null: none.</summary>
    public static PreparedStatement? Find(IReadOnlyCollection<PreparedStatement> statements, ReadOnlySpan<byte> name)
    {
        if (IsReserved(name))
        {
            foreach (PreparedStatement statement in statements)
            {
                if (statement.Number != PreparedStatement.NoNumber && name.SequenceEqual(statement.ServerName))
                {
                    return statement;
                }
            }
        }

        return null;
    }

    /// <summary>The name for a number, or null: it has none of this length.</summary>
    /// <param name="number">Not negative.</param>
    /// <param name="length">1 to <see cref="MaximumLength"/> bytes.</param>
    public static byte[]? TryMake(int number, int length)
    {
        byte[] name = new byte[length];
        name.AsSpan().Fill(Digits[0]);
        (int rest, int mark) = Math.DivRem(number, Marks.Length);
        name[0] = Marks[mark];
        for (int i = 1; rest > 0; i++)
        {
            if (i == length)
            {
                return null;
            }

            (rest, int digit) = Math.DivRem(rest, Digits.Length);
            name[i] = Digits[digit];
        }

        return name;
    }
}
