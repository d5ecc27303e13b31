using System.Text;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Api;

/// <summary>One page of a list. The cursor says where the next begins.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string Next);

internal static class Page
{
    public static Page<T> Of<T>(SlackCallContext call, IReadOnlyList<T> all, int fallback, int max)
    {
        var limit = call.Args.Number("limit", fallback, max);
        var start = Start(call.Args.Text("cursor"), all.Count);
        var end = Math.Min(all.Count, start + limit);
        return new Page<T>([.. all.Skip(start).Take(limit)], end < all.Count ? Convert.ToBase64String(Encoding.ASCII.GetBytes($"next:{end}")) : "");
    }

    private static int Start(string? cursor, int count)
    {
        if (string.IsNullOrEmpty(cursor))
            return 0;
        Span<byte> bytes = stackalloc byte[64];
        return Convert.TryFromBase64String(cursor, bytes, out var length)
            && Encoding.ASCII.GetString(bytes[..length]).Split(':') is ["next", var number]
            && int.TryParse(number, out var start) && start <= count
            ? start
            : throw new SlackRefusal("invalid_cursor");
    }
}
