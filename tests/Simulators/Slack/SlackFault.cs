namespace Bots.Simulators.Slack;

/// <summary>Something that goes wrong with a call.</summary>
public abstract record SlackFault
{
    private SlackFault()
    {
    }

    /// <summary>An answer without effect, such as 500 or 503.</summary>
    public static SlackFault Status(int status) => new HttpStatus(status);

    public static SlackFault RateLimited(TimeSpan retryAfter) => new TooMany(retryAfter);

    /// <summary>Answered <c>ok: false</c> with this code, without effect.</summary>
    public static SlackFault Error(string code) => new Refused(code);

    /// <summary>The connection is dropped and nothing has happened.</summary>
    public static SlackFault DropBefore { get; } = new Drop(AfterEffect: false);

    /// <summary>It has happened, but the caller never hears of it.</summary>
    public static SlackFault DropAfter { get; } = new Drop(AfterEffect: true);

    /// <summary>It has happened, and the connection is reset in the middle of the answer.</summary>
    public static SlackFault Half { get; } = new Cut();

    /// <summary>The call waits for <paramref name="release"/>: before its effect, or with only its answer outstanding.</summary>
    public static SlackFault Hold(Task release, bool afterEffect = false) => new Held(release, afterEffect);

    internal sealed record HttpStatus(int Code) : SlackFault;

    internal sealed record TooMany(TimeSpan RetryAfter) : SlackFault;

    internal sealed record Refused(string Code) : SlackFault;

    internal sealed record Drop(bool AfterEffect) : SlackFault;

    internal sealed record Cut : SlackFault;

    internal sealed record Held(Task Release, bool AfterEffect) : SlackFault;
}
