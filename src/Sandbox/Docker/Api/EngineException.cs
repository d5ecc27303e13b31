using System.Net;

namespace Bots.Sandbox.Docker.Api;

internal enum EngineFailure
{
    /// <summary>Nobody listens on the socket.</summary>
    NotThere,

    /// <summary>The socket is closed to this user.</summary>
    NoPermission,

    /// <summary>It answered with an error of its own; see <see cref="EngineException.Status"/>.</summary>
    Refused,

    /// <summary>It hung up, took too long, or said what is not its protocol.</summary>
    Broken,
}

/// <summary>A call to the engine failed.</summary>
/// <param name="message">The engine's own words where it had any.</param>
internal sealed class EngineException(EngineFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public EngineFailure Failure { get; } = failure;

    /// <summary>Null unless it <see cref="EngineFailure.Refused"/>.</summary>
    public HttpStatusCode? Status { get; init; }

    public static EngineException Refused(HttpStatusCode status, string message) => new(EngineFailure.Refused, message) { Status = status };
}
