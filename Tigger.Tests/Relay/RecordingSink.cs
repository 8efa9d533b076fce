using System.Text;
using Tigger.Relay;

namespace Tigger.Tests.Relay;

/// <summary>Writes down what a walk presents; refuses the message with the given number.</summary>
internal sealed class RecordingSink(int refuseAt = int.MaxValue) : IReplySink
{
    /// <summary>Type bytes in order.</summary>
    public StringBuilder Types { get; } = new();

    /// <summary>Type and body of the messages presented whole.</summary>
    public List<string> Whole { get; } = [];

    public bool OnMessage(byte type)
    {
        if (Types.Length == refuseAt)
        {
            return false;
        }

        Types.Append((char)type);
        return true;
    }

    public bool OnWholeMessage(byte type, ReadOnlySpan<byte> body, int at)
    {
        Whole.Add(Describe(type, body));
        return true;
    }

    public static string Describe(byte type, ReadOnlySpan<byte> body) => $"{(char)type}{Convert.ToHexString(body)}";
}
