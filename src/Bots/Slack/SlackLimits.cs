using Bots.Engine.Rates;
using Bots.Engine.Surfaces;
using Microsoft.Extensions.Options;

namespace Bots.Slack;

/// <summary>
/// How often which method may be called: by tiers of so many calls a minute for a method in the workspace, and about a post a second for a
/// channel. A refusal closes the method in the workspace.
/// </summary>
internal sealed class SlackLimits(RateGate gate, IOptions<SlackOptions> options)
{
    /// <summary>Whoever looks something up waits for this long at most; then it is put off.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>For a call that reconcilers make: zero when it may be made now.</summary>
    public TimeSpan Admit(string method, string channel, string who, bool urgent) => gate.Take(Call(method, channel, options.Value.LimitFactor), who, urgent);

    /// <summary>Waits until a look-up may be made.</summary>
    /// <exception cref="SurfaceException">Not before long.</exception>
    public async Task Enter(string method, CancellationToken cancellation)
    {
        var wait = await gate.Enter(Call(method, null, options.Value.LimitFactor), urgent: true, Patience, cancellation);
        if (wait > TimeSpan.Zero) throw Closed(method, wait);
    }

    /// <exception cref="SurfaceException">Slack closed the method for a while.</exception>
    public void Demand(string method)
    {
        if (gate.Held(Scope(method)) is var held && held > TimeSpan.Zero) throw Closed(method, held);
    }

    /// <summary>Slack refused a call, since there were too many.</summary>
    public async Task<SurfaceException> Refused(string method, SurfaceException failure) =>
        new(failure.Outcome, failure.Message, await gate.Hold(Scope(method), failure.RetryAfter)) { IsLimit = true };

    public void Passed(string method) => gate.Passed(Scope(method));

    /// <summary>In any minute, burst and intervals together make no more than Slack allows. Pure.</summary>
    internal static RateCall Call(string method, string? channel, double factor)
    {
        var name = Scope(method);
        return new(name, method switch
        {
            "chat.postMessage" => [Limit($"{name} {channel}", 4, 1, 0), Limit(name, 60, 0.25, 5)],
            "conversations.list" => [Limit(name, 4, 60 / 16.0, 1)],
            "chat.update" or "reactions.add" or "conversations.info" or "conversations.replies" or "conversations.history" => [Limit(name, 10, 60 / 40.0, 4)],
            _ => [Limit(name, 20, 60 / 80.0, 5)],
        });

        RateLimit Limit(string key, int burst, double seconds, int reserve) =>
            new(key, Math.Max(1, (int)(burst * factor)), TimeSpan.FromSeconds(seconds / factor), Math.Min(reserve, Math.Max(1, (int)(burst * factor)) - 1));
    }

    private static string Scope(string method) => $"{SlackPlace.Surface}:{method}";

    private static SurfaceException Closed(string method, TimeSpan wait) => new(SurfaceOutcome.Retry, $"Slack limits the rate of {method}.", wait) { IsLimit = true };
}
