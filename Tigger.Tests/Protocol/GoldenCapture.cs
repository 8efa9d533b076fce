using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

/// <summary>Reads Golden/*.hex; the format is told in Golden/capture.py.</summary>
internal static class GoldenCapture
{
    public static IEnumerable<TheoryDataRow<string>> Names() =>
        Directory.GetFiles(Folder, "*.hex").Order(StringComparer.Ordinal).Select(path => new TheoryDataRow<string>(Path.GetFileNameWithoutExtension(path)));

    /// <summary>Lines as mark ('&gt;' client, '&lt;' server, '=' quiet) and bytes.</summary>
    public static IEnumerable<(char Mark, byte[] Bytes)> Read(string name)
    {
        foreach (string line in File.ReadLines(Path.Combine(Folder, name + ".hex")))
        {
            if (!line.StartsWith('#'))
            {
                string hex = line[1..].Split('#')[0].Trim();
                yield return (line[0], line[0] == '=' ? [] : Convert.FromHexString(hex));
            }
        }
    }

    /// <summary>Bodies of the server's messages of one type.</summary>
    public static IEnumerable<byte[]> ServerBodies(string name, byte type) =>
        from line in Read(name)
        where line.Mark == '<' && line.Bytes[0] == type
        select line.Bytes[MessageFramer.HeaderLength..];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden");
}
