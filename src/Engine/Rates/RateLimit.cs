namespace Bots.Engine.Rates;

/// <summary>One limit of a surface's: so many calls at once, and then one in each interval.</summary>
/// <param name="Name">Calls of the same name share it, and nothing else does: <c>slack:chat.update</c>.</param>
/// <param name="Burst">At least 1. In any minute there are at most this many calls and those of the intervals.</param>
/// <param name="Reserve">What is left to urgent calls of the burst; less than it.</param>
public sealed record RateLimit(string Name, int Burst, TimeSpan Interval, int Reserve);

/// <summary>A call that limits hold for.</summary>
/// <param name="Scope">What a surface closes when it has had too many: <c>slack:chat.update</c>, <c>github:acme</c>.</param>
/// <param name="Limits">All of them have to have room.</param>
public sealed record RateCall(string Scope, IReadOnlyList<RateLimit> Limits);
