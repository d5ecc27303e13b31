using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bots.Gateway.Lfs;

/// <summary>What a sandbox asks of Git LFS, and what the forge offers (git-lfs's docs/api/batch.md). Pure.</summary>
/// <param name="Uploads">True when objects are to be stored.</param>
/// <param name="Objects">Their ids and sizes, as asked.</param>
internal sealed record LfsBatch(bool Uploads, IReadOnlyList<string> Objects, byte[] Body)
{
    private const int MostObjects = 1000;

    private static readonly string[] Actions = ["download", "upload", "verify"];

    /// <summary>Reads a request; only the transfer everybody has, <c>basic</c>, is asked for.</summary>
    /// <exception cref="FormatException">It is none. The message may be shown to people.</exception>
    public static LfsBatch Read(ReadOnlySpan<byte> json)
    {
        if (Parse(json) is not JsonObject request) throw new FormatException("the request is no JSON object");
        var operation = Text(request["operation"]);
        if (operation is not ("download" or "upload")) throw new FormatException("its operation is neither download nor upload");
        if (request["objects"] is not JsonArray { Count: > 0 and <= MostObjects } objects) throw new FormatException($"it names no objects, or more than {MostObjects}");
        request["transfers"] = new JsonArray("basic");
        return new LfsBatch(operation == "upload", [.. objects.Select(o => $"lfs {Printable.Of(Text(o?["oid"]) ?? "?")}")], JsonSerializer.SerializeToUtf8Bytes(request));
    }

    /// <summary>Puts words for the sandbox in place of each address and its credentials.</summary>
    /// <param name="seal">Makes the address a transfer has for the sandbox.</param>
    /// <param name="https">True when no transfer may go unencrypted.</param>
    /// <exception cref="FormatException">The forge's answer is none, or offers what cannot be passed on.</exception>
    public static byte[] Rewrite(ReadOnlySpan<byte> json, bool https, DateTimeOffset until, Func<LfsTransfer, string> seal)
    {
        if (Parse(json) is not JsonObject answer || answer["objects"] is not JsonArray objects) throw new FormatException("the forge's answer is no list of objects");
        if (Text(answer["transfer"]) is not (null or "basic")) throw new FormatException("the forge offers a transfer the gateway does not know");
        foreach (var one in objects)
        {
            if (one?["actions"] is not JsonObject actions) continue;
            foreach (var (name, action) in actions.ToList())
            {
                actions.Remove(name);
                if (Actions.Contains(name) && action is JsonObject offered) actions[name] = new JsonObject { ["href"] = seal(Transfer(name, offered, https, until)), ["expires_in"] = 3600 };
            }

            one["authenticated"] = false;
        }

        return JsonSerializer.SerializeToUtf8Bytes(answer);
    }

    private static LfsTransfer Transfer(string action, JsonObject offered, bool https, DateTimeOffset until)
    {
        if (!Uri.TryCreate(Text(offered["href"]), UriKind.Absolute, out var address) || address.UserInfo.Length > 0
            || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && !https)))
        {
            throw new FormatException("the forge offers an address the gateway does not use");
        }

        var headers = (offered["header"] as JsonObject)?.Select(h => KeyValuePair.Create(h.Key, Text(h.Value) ?? "")).ToDictionary() ?? [];
        return new LfsTransfer(action, address, headers, until);
    }

    private static JsonNode? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
