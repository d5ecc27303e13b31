using System.Text;
using System.Text.Json.Nodes;

namespace Bots.Fuzz;

/// <summary>Makes something else of JSON: of its values, its shape, its text and its bytes.</summary>
internal sealed class Mutator(Random random)
{
    private const int Deep = 20_000;

    private static readonly string[] OddNumbers = ["0", "-1", "1e400", "-1e-400", "99999999999999999999999999", "0.1", "9223372036854775808", "2147483648", "-0"];
    private static readonly string[] OddWords = ["", " ", "null", "../../etc/passwd", "U0BOTUSER0", "'; DROP TABLE deliveries; --", "\u0000", "\u202e", "😀", "a\r\nb: c", "<!channel>", "9999-99-99T99:99:99Z", "1e9.1e9", "-1.-1"];

    public byte[] Mutate(string json)
    {
        var text = json;
        if (random.Next(10) > 0 && JsonNode.Parse(json) is { } node)
        {
            for (var times = random.Next(4); times > 0; times--) Change(Inner(node));
            text = node.ToJsonString();
        }

        return random.Next(3) > 0 ? Encoding.UTF8.GetBytes(text) : Damage(text);
    }

    /// <summary>Some object or list within.</summary>
    private JsonNode Inner(JsonNode node)
    {
        while (random.Next(4) > 0)
        {
            var inner = (node switch { JsonObject o => o.Select(p => p.Value), JsonArray a => a, _ => [] }).Where(n => n is JsonObject or JsonArray { Count: > 0 }).ToList();
            if (inner.Count == 0) break;
            node = inner[random.Next(inner.Count)]!;
        }

        return node;
    }

    private void Change(JsonNode node)
    {
        if (node is JsonArray array)
        {
            array.Add(Odd());
            return;
        }

        if (node is not JsonObject { Count: > 0 } properties) return;
        var name = properties.ElementAt(random.Next(properties.Count)).Key;
        if (random.Next(4) == 0) properties.Remove(name);
        else if (random.Next(4) == 0) properties[$"unknown_{random.Next(9)}"] = Odd();
        else properties[name] = Odd();
    }

    private JsonNode? Odd() => random.Next(9) switch
    {
        0 => null,
        1 => JsonNode.Parse(Pick(OddNumbers)),
        2 => Pick(OddWords),
        3 => new string('x', random.Next(1, 100_000)),
        4 => new JsonArray(),
        5 => new JsonObject(),
        6 => new JsonArray(1, "2", null, new JsonObject { ["a"] = new JsonArray() }),
        7 => random.Next(2) == 0,
        _ => $"of_next_year_{random.Next(1000)}",
    };

    private byte[] Damage(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        switch (random.Next(9))
        {
            case 0: return bytes[..random.Next(bytes.Length)];
            case 1: return [.. bytes, .. "}"u8, .. bytes];
            case 2: return [0xEF, 0xBB, 0xBF, .. bytes];
            case 3: return Encoding.Unicode.GetBytes(text);
            case 4: return Encoding.UTF8.GetBytes(text.Replace("\":\"", "\":\"\\ud800", StringComparison.Ordinal));
            case 5: return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":[", Deep)));
            case 6: return Encoding.UTF8.GetBytes("{\"type\":\"event_callback\"," + text[1..]);
            case 7: return [];
            default:
                for (var flips = random.Next(1, 20); flips > 0; flips--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
        }
    }

    private T Pick<T>(T[] all) => all[random.Next(all.Length)];
}
