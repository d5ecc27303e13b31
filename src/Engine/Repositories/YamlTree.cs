using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Bots.Engine.Repositories;

/// <summary>Reads one YAML document that strangers wrote: of bounded size and depth, without aliases, so that it cannot grow when read.</summary>
internal sealed class YamlTree
{
    public const int MostCharacters = 64 * 1024;
    public const int MostDepth = 10;
    public const int MostNodes = 4_000;

    private readonly Parser _parser;
    private readonly Remarks _remarks;
    private int _nodes;

    private YamlTree(string text, Remarks remarks) => (_parser, _remarks) = (new Parser(new StringReader(text)), remarks);

    /// <returns>Null for an empty document.</returns>
    /// <exception cref="UnreadableException">It is no YAML, or more than is read.</exception>
    public static YamlNode? Read(string text, Remarks remarks)
    {
        if (text.Length > MostCharacters) throw new UnreadableException(new(1, 1), $"the file is larger than {MostCharacters / 1024} KiB; make it smaller.");
        try
        {
            return new YamlTree(text, remarks).Document();
        }
        catch (YamlException e)
        {
            throw new UnreadableException(At(e.Start), Words(e, text));
        }
        catch (Exception e) when (e is not UnreadableException)
        {
            // The parser has no words of its own for some of what is no YAML.
            throw new UnreadableException(new(1, 1), "this is no YAML that I can read. Write it more simply.");
        }
    }

    private YamlNode? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _)) return null;
        _parser.Consume<DocumentStart>();
        var root = Node(1);
        _parser.Consume<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _))
        {
            _remarks.Add(At(_parser.Current!.Start), "a second document begins here; only the first is read. Take out the line ---.");
            if (root is YamlNode.Map map) root = map with { Dropped = [.. map.Dropped, null] };
        }

        return root is YamlNode.Scalar { IsNull: true } ? null : root;
    }

    private YamlNode Node(int depth)
    {
        if (++_nodes > MostNodes) throw new UnreadableException(At(_parser.Current?.Start ?? Mark.Empty), "the file holds too much; make it smaller.");
        switch (_parser.Consume<ParsingEvent>())
        {
            case AnchorAlias alias:
                _remarks.Add(At(alias.Start), $"*{alias.Value} is an alias; they are not read here. Write it out, or put it in quotes if it is meant as it stands.");
                return new YamlNode.Refused(At(alias.Start));
            case Scalar scalar:
                return new YamlNode.Scalar(At(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL");
            case SequenceStart list:
                return new YamlNode.List(At(list.Start), Items(list.Start, depth));
            case MappingStart map:
                var dropped = new List<string?>();
                return new YamlNode.Map(At(map.Start), Entries(map.Start, depth, dropped)) { Dropped = dropped };
            case var other:
                throw new UnreadableException(At(other.Start), "something that belongs nowhere stands here.");
        }
    }

    private List<YamlNode> Items(Mark start, int depth)
    {
        ThrowIfDeep(start, depth);
        var items = new List<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(Node(depth + 1));
        return items;
    }

    private List<KeyValuePair<YamlNode.Scalar, YamlNode>> Entries(Mark start, int depth, List<string?> dropped)
    {
        ThrowIfDeep(start, depth);
        var (entries, known) = (new List<KeyValuePair<YamlNode.Scalar, YamlNode>>(), new HashSet<string>(StringComparer.Ordinal));
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var (key, value) = (Node(depth + 1), Node(depth + 1));
            if (key is not YamlNode.Scalar name)
            {
                dropped.Add(null);
                if (key is not YamlNode.Refused) _remarks.Add(key.At, $"{key.Shape} cannot be a key; write a name.");
            }
            else if (known.Add(name.Text))
            {
                entries.Add(new(name, value));
            }
            else
            {
                dropped.Add(name.Text);
                _remarks.Add(name.At, $"'{VisibleName(name.Text)}' stands here a second time; the first one holds. Take one out.");
            }
        }

        return entries;
    }

    internal static string VisibleName(string text) => new([.. text.Take(40).Select(c => char.IsControl(c) ? '?' : c)]);

    private static void ThrowIfDeep(Mark start, int depth)
    {
        if (depth > MostDepth) throw new UnreadableException(At(start), $"this is nested deeper than {MostDepth} levels; make it flatter.");
    }

    private static Place At(Mark mark) => new(Math.Max(1, mark.Line), Math.Max(1, mark.Column));

    private static string Words(YamlException e, string text)
    {
        var lines = text.Split('\n').Skip((int)At(e.Start).Line - 1).Take(2).ToList();
        var line = lines.FirstOrDefault() ?? "";
        var mend = lines.Exists(l => l.TrimStart(' ').StartsWith('\t')) ? "Indent with blanks, not with tabs."
            : line.TrimStart(' ', '-').IndexOfAny(['*', '&', '!', '%', '@', '`']) == 0 ? "Put what begins with such a character in quotes."
            : "Mend it; quotes around the text help where it holds ':' or '#'.";
        return $"this is no YAML: {e.Message.TrimEnd('.')}. {mend}";
    }
}
