using System.Globalization;
using System.IO.Compression;
using System.Text;
using Bots.GitHub;
using Bots.Slack;

namespace Bots.Fuzz;

/// <summary>Requests nobody should send, to everything that is open to the network; the same ones for the same seed. Most are signed, so that they get past the door.</summary>
internal sealed class PublicRequests(int seed, string slackSecret, string gitHubSecret, TimeProvider time)
{
    private const int Large = 10_000_000;

    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "get", "BREW"];
    private static readonly string[] Types = ["application/json", "application/x-www-form-urlencoded", "text/plain", "application/json; charset=utf-16", "multipart/form-data; boundary=x", "", ";;;", "application/xml"];

    private readonly Random _random = new(seed);
    private readonly Mutator _mutator = new(new Random(seed));
    private int _number;

    /// <summary>As it goes over the wire.</summary>
    public byte[] Next()
    {
        _number++;
        return _random.Next(10) switch
        {
            < 4 => SlackEvent(),
            < 6 => Interaction(),
            < 9 => GitHub(),
            _ => Anything(),
        };
    }

    private byte[] SlackEvent() => Slack("/webhooks/slack/events", "application/json", Body(Pick(Seeds.SlackEvents)));

    private byte[] Interaction()
    {
        var payload = Uri.EscapeDataString(Encoding.Latin1.GetString(Body(Pick(Seeds.SlackInteractions))));
        var form = _random.Next(8) switch { 0 => $"payload={payload}&payload={payload}", 1 => $"payload=&payload={payload}", 2 => "payload=%", 3 => payload, 4 => "ssl_check=1&ssl_check=2", _ => $"payload={payload}" };
        return Slack(_random.Next(6) == 0 ? "/webhooks/slack/commands" : "/webhooks/slack/interactivity", "application/x-www-form-urlencoded", Encoding.UTF8.GetBytes(form));
    }

    private byte[] Slack(string path, string type, byte[] body)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var timestamp = _random.Next(12) switch
        {
            0 => $"{now - 301}", 1 => $"{now + 302}", 2 => $"{now - 298}", 3 => Pick(["", "-1", "0", "1e9", "99999999999999999999", " 1", "now"]), _ => now.ToString(CultureInfo.InvariantCulture),
        };
        var signature = SlackSignature.Sign(Encoding.UTF8.GetBytes(slackSecret), timestamp, body);
        return Request("POST", path, type, body, ("X-Slack-Request-Timestamp", timestamp), ("X-Slack-Signature", Spoilt(signature)));
    }

    private byte[] GitHub()
    {
        var (name, seedBody) = Pick(Seeds.GitHub);
        var body = Body(seedBody);
        return Request("POST", "/webhooks/github", "application/json", body,
            ("X-GitHub-Event", _random.Next(12) == 0 ? "event_of_next_year" : name),
            ("X-GitHub-Delivery", _random.Next(6) == 0 ? Pick(["", "x", "00000000-0000-0000-0000-000000000000", new string('d', 3000)]) : $"{seed:x8}-0000-0000-0000-{_number:x12}"),
            ("X-Hub-Signature-256", Spoilt(GitHubSignature.Of(gitHubSecret, body))));
    }

    private byte[] Anything() =>
        Request(Pick(Methods), Pick(Seeds.Paths) + Pick(["", "", "?after=-1", "?limit=99999999999", "/../..", "?state=%00", "%2e%2e", "?a[]=1&a[]=2"]), "application/json", _random.Next(2) == 0 ? [] : Body(Pick(Seeds.SlackEvents)));

    private byte[] Body(string json) => _random.Next(200) switch
    {
        0 => new byte[Large],
        1 => Bomb(),
        _ => _mutator.Mutate(json),
    };

    private static byte[] Bomb()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(new byte[Large]);
        return packed.ToArray();
    }

    private string Spoilt(string signature) => _random.Next(14) switch { 0 => "", 1 => signature[..^1], 2 => signature + "0", 3 => signature.ToUpperInvariant(), _ => signature };

    private byte[] Request(string method, string path, string type, byte[] body, params IEnumerable<(string Name, string Value)> headers)
    {
        var all = headers.Select(h => $"{h.Name}: {h.Value}").ToList();
        if (all.Count > 0 && _random.Next(20) == 0) all.Add(all[_random.Next(all.Count)]);
        var content = _random.Next(12) == 0 ? Pick(Types) : type;
        if (content.Length > 0 || _random.Next(2) == 0) all.Add($"Content-Type: {content}");
        if (_random.Next(15) == 0) all.Add($"Content-Encoding: {Pick(["gzip", "br", "identity", "gzip, gzip"])}");
        if (_random.Next(30) == 0) all.Add($"X-Unknown: {new string('y', _random.Next(40_000))}");
        var chunked = _random.Next(10) == 0;
        all.Add(chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {body.Length}");
        var head = Encoding.Latin1.GetBytes($"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{string.Join("\r\n", all)}\r\n\r\n");
        return chunked ? [.. head, .. Encoding.Latin1.GetBytes($"{body.Length:x}\r\n"), .. body, .. (body.Length > 0 ? "\r\n0\r\n\r\n"u8 : "\r\n"u8)] : [.. head, .. body];
    }

    private T Pick<T>(T[] all) => all[_random.Next(all.Length)];
}
