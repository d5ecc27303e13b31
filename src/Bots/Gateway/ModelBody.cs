using System.Text;
using System.Text.Json;
using Bots.Engine.Models;

namespace Bots.Gateway;

/// <summary>
/// Reads once through the body of a model call, without a tree of it: that would take many times the room of the body. Names are compared
/// without case, as some providers do; and what comes twice counts twice, since nobody knows which of the two a provider takes.
/// </summary>
internal ref struct ModelBody(ReadOnlySpan<byte> body, ModelKind kind)
{
    private const int MostLevels = 64;
    private const int MostModels = 100;
    private const int LongestName = 128;
    private const string NoModel = "The request body must be a JSON object with a model.";

    private readonly char[] _name = new char[LongestName];
    private Utf8JsonReader _json = new(body, new JsonReaderOptions { MaxDepth = MostLevels });

    private enum Meaning
    {
        Plain,
        Opaque,
        Tools,
        Service,
        Address,
        Data,
    }

    /// <summary>Every model that may answer; the first is the one the caller names.</summary>
    public List<string> Models { get; } = [];

    /// <summary>What in it lets the provider itself reach other hosts, in words; null for nothing.</summary>
    public string? Hosted { get; private set; }

    public bool Streams { get; private set; }

    public bool IsBackground { get; private set; }

    /// <exception cref="FormatException">It cannot be passed on; the message is for the caller.</exception>
    public void Read()
    {
        try
        {
            if (!_json.Read() || _json.TokenType != JsonTokenType.StartObject) throw new FormatException(NoModel);
            string? model = null;
            while (NextName())
            {
                switch (Name())
                {
                    case "model":
                        _json.Read();
                        if (model is not null || _json.TokenType != JsonTokenType.String) throw new FormatException(model is null ? NoModel : "The request body names its model twice: send one.");
                        Models.Insert(0, model = Model());
                        break;
                    case "models" or "fallbacks":
                        _json.Read();
                        Alternatives();
                        break;
                    case "stream":
                        _json.Read();
                        Streams |= _json.TokenType == JsonTokenType.True;
                        _json.Skip();
                        break;
                    case "background":
                        _json.Read();
                        IsBackground |= !IsNothing();
                        _json.Skip();
                        break;
                    default:
                        Property();
                        break;
                }
            }

            _json.Read();
            if (model is null) throw new FormatException(NoModel);
        }
        catch (JsonException problem) when (_json.CurrentDepth >= MostLevels - 1)
        {
            throw new FormatException($"The request body is nested deeper than {MostLevels} levels.", problem);
        }
        catch (JsonException problem)
        {
            throw new FormatException(NoModel, problem);
        }
        catch (InvalidOperationException problem)
        {
            throw new FormatException("The request body holds a name that is no text.", problem);
        }
    }

    private bool NextName() => _json.Read() && _json.TokenType == JsonTokenType.PropertyName;

    private bool NextEntry() => _json.Read() && _json.TokenType != JsonTokenType.EndArray;

    /// <summary>The name at hand as the most forgiving provider reads it; a long one means nothing to any.</summary>
    private readonly ReadOnlySpan<char> Name()
    {
        if (_json.ValueSpan.Length > LongestName) return [];
        var name = _name.AsSpan(0, _json.CopyString(_name));
        foreach (ref var c in name)
            c = c switch { 'ſ' => 's', 'K' => 'k', _ => char.ToLowerInvariant(c) };
        return name;
    }

    private string Model()
    {
        var model = _json.GetString()!;
        if (model.Contains(":online", StringComparison.OrdinalIgnoreCase)) Hosted ??= "a model that searches the web (`:online`)";
        return model;
    }

    /// <summary>What some providers try when the model itself cannot answer: names, or objects with a model.</summary>
    private void Alternatives()
    {
        if (_json.TokenType == JsonTokenType.Null) return;
        if (_json.TokenType != JsonTokenType.StartArray) Alternative();
        else while (NextEntry()) Alternative();
    }

    private void Alternative()
    {
        if (Models.Count >= MostModels) throw new FormatException($"The request body names more than {MostModels} models.");
        if (_json.TokenType == JsonTokenType.String)
        {
            Models.Add(Model());
            return;
        }

        var (known, kind) = (Models.Count, _json.TokenType);
        if (kind != JsonTokenType.StartObject) _json.Skip();
        else while (NextName())
        {
            var isModel = Name() is "model";
            _json.Read();
            if (isModel && _json.TokenType == JsonTokenType.String) Models.Add(Model());
            else _json.Skip();
        }

        // No pattern but * allows this.
        if (Models.Count == known) Models.Add($"({kind})");
    }

    private void Property()
    {
        var name = Name();
        var meaning = MeaningOf(name);
        var service = meaning == Meaning.Service ? name.ToString() : "";
        _json.Read();
        if (meaning == Meaning.Tools) Tools();
        else if (meaning is Meaning.Opaque or Meaning.Service)
        {
            if (meaning == Meaning.Service && !IsNothing()) Hosted ??= $"`{service}`";
            _json.Skip();
        }
        else Value(meaning);
    }

    private readonly Meaning MeaningOf(ReadOnlySpan<char> name) => name switch
    {
        "tools" => Meaning.Tools,
        "mcp_servers" or "plugins" or "web_search_options" or "search_parameters" or "extra_body" => Meaning.Service,
        // What a tool takes and was given, and what an answer cited: providers follow no address in these.
        "parameters" or "input_schema" or "schema" or "arguments" or "action" or "metadata" or "client_metadata" or "annotations" or "citations" => Meaning.Opaque,
        "input" when kind == ModelKind.Anthropic => Meaning.Opaque,
        "file_data" => Meaning.Data,
        _ => name.EndsWith("url") || name.EndsWith("uri") ? Meaning.Address : Meaning.Plain,
    };

    private void Value(Meaning meaning)
    {
        if (_json.TokenType == JsonTokenType.StartObject)
            while (NextName()) Property();
        else if (_json.TokenType == JsonTokenType.StartArray)
            while (NextEntry()) Value(meaning);
        else if (_json.TokenType == JsonTokenType.String && meaning is Meaning.Address or Meaning.Data && !IsInline(meaning))
            Hosted ??= "the address of something to fetch, where a data: URL is fine";
    }

    private readonly bool IsInline(Meaning meaning)
    {
        var text = _json.ValueSpan;
        if (text.IsEmpty || (text.Length >= 5 && Ascii.EqualsIgnoreCase(text[..5], "data:"u8))) return true;
        // Some give a file's bytes without the head of a data: URL.
        return meaning == Meaning.Data && !text.Contains((byte)':') && text.IndexOf("\\u"u8) < 0;
    }

    private readonly bool IsNothing()
    {
        if (_json.TokenType is JsonTokenType.Null or JsonTokenType.False) return true;
        if (_json.TokenType != JsonTokenType.StartArray) return false;
        var ahead = _json;
        return ahead.Read() && ahead.TokenType == JsonTokenType.EndArray;
    }

    private void Tools()
    {
        if (_json.TokenType == JsonTokenType.StartArray)
            while (NextEntry()) Tools();
        else if (_json.TokenType == JsonTokenType.String) Type();
        else if (_json.TokenType == JsonTokenType.StartObject) Tool();
    }

    private void Tool()
    {
        var typed = false;
        while (NextName())
        {
            if (Name() is not "type")
            {
                Property();
                continue;
            }

            _json.Read();
            if (_json.TokenType == JsonTokenType.Null) continue;
            typed = true;
            Type();
        }

        if (!typed && kind == ModelKind.OpenAI) Hosted ??= "a tool without a type";
    }

    private void Type()
    {
        var type = _json.TokenType == JsonTokenType.String ? _json.GetString()! : "";
        if (!ClientTools.Contains(kind, type)) Hosted ??= $"the tool `{Printable.Of(type)}`";
        _json.Skip();
    }
}
