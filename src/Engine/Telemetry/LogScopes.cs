using Microsoft.Extensions.Logging;

namespace Bots.Engine.Telemetry;

/// <summary>Which session or delivery a line of the log is about, on every line that is written within.</summary>
public static class LogScopes
{
    private static readonly Func<ILogger, string, string, IDisposable?> OfDelivery = LoggerMessage.DefineScope<string, string>("{Surface} {Delivery}");
    private static readonly Func<ILogger, string, string, IDisposable?> OfTurn = LoggerMessage.DefineScope<string, string>("{Session} {Prompt}");
    private static readonly Func<ILogger, string, IDisposable?> OfSession = LoggerMessage.DefineScope<string>("{Session}");

    public static IDisposable? Delivery(ILogger logger, string surface, string id) => OfDelivery(logger, surface, id);

    public static IDisposable? Turn(ILogger logger, SessionId session, PromptId prompt) => OfTurn(logger, session.Value, prompt.Value);

    /// <param name="session">Null for none.</param>
    public static IDisposable? Session(ILogger logger, SessionId? session) => session is { } id ? OfSession(logger, id.Value) : null;
}
