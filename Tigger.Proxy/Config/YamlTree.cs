using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Tigger.Config;

/// <summary>
/// Turns YAML events into <see cref="ConfigNode"/>s. YamlDotNet's own deserializer stops at the first unknown or
/// duplicate key; a person fixing a file wants to hear of all of them.
/// </summary>
internal sealed class YamlTree
{
    /// <summary>The configuration is four levels deep; the bound keeps a hostile file from exhausting the stack.</summary>
    private const int MaxDepth = 16;

    private readonly Parser _parser;
    private readonly Dictionary<string, ConfigNode> _anchors = [];

    private YamlTree(string yaml) => _parser = new Parser(new StringReader(yaml));

    /// <summary>The root of the only document; an empty map when there is none.</summary>
    /// <exception cref="YamlException">The text is not YAML.</exception>
    public static ConfigNode Read(string yaml)
    {
        var tree = new YamlTree(yaml);
        tree._parser.Consume<StreamStart>();
        if (tree._parser.Accept<StreamEnd>(out _))
            return new ConfigNode(ConfigNodeKind.Map, new ConfigMark(1, 1));
        tree._parser.Consume<DocumentStart>();
        var root = tree.ReadNode(0);
        tree._parser.Consume<DocumentEnd>();
        if (tree._parser.Accept<DocumentStart>(out var second))
            throw new YamlException(second.Start, second.End, "a configuration is one YAML document");
        return root;
    }

    private ConfigNode ReadNode(int depth)
    {
        if (depth > MaxDepth)
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, "nested too deeply");
        var node = _parser.Consume<ParsingEvent>() switch
        {
            Scalar scalar => FromScalar(scalar),
            SequenceStart start => FromSequence(start, depth),
            MappingStart start => FromMapping(start, depth),
            AnchorAlias alias => FromAlias(alias),
            var other => throw new YamlException(other.Start, other.End, "expected a value"),
        };
        return node;
    }

    private ConfigNode FromScalar(Scalar scalar)
    {
        var isNull = scalar.Style == ScalarStyle.Plain && scalar.Value is "~" or "null";
        return Remember(scalar, new ConfigNode(ConfigNodeKind.Scalar, MarkOf(scalar)) { Text = isNull ? "" : scalar.Value });
    }

    private ConfigNode FromSequence(SequenceStart start, int depth)
    {
        var items = new List<ConfigNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            items.Add(ReadNode(depth + 1));
        return Remember(start, new ConfigNode(ConfigNodeKind.List, MarkOf(start)) { Items = items });
    }

    private ConfigNode FromMapping(MappingStart start, int depth)
    {
        var pairs = new List<(ConfigNode Key, ConfigNode Value)>();
        while (!_parser.TryConsume<MappingEnd>(out _))
            pairs.Add((ReadNode(depth + 1), ReadNode(depth + 1)));
        return Remember(start, new ConfigNode(ConfigNodeKind.Map, MarkOf(start)) { Pairs = pairs });
    }

    // Faults inside a repeated block are reported once per use, at the place where the block is written.
    private ConfigNode FromAlias(AnchorAlias alias) =>
        _anchors.TryGetValue(alias.Value.Value, out var node)
            ? node
            : throw new YamlException(alias.Start, alias.End, $"no anchor &{alias.Value.Value} before this alias (write a lone * as \"*\")");

    // Only after the node is complete: a block that contains itself finds no anchor and is refused.
    private ConfigNode Remember(NodeEvent parsed, ConfigNode node)
    {
        if (!parsed.Anchor.IsEmpty)
            _anchors[parsed.Anchor.Value] = node;
        return node;
    }

    private static ConfigMark MarkOf(ParsingEvent parsed) => new((int)parsed.Start.Line, (int)parsed.Start.Column);
}
