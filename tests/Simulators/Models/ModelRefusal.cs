namespace Bots.Simulators.Models;

/// <summary>A request the original would not take. Each protocol writes it in its own error shape.</summary>
internal sealed class ModelRefusal(int status, string type, string message, string? parameter = null, string? code = null) : Exception(message)
{
    public int Status { get; } = status;

    public string Type { get; } = type;

    public string? Parameter { get; } = parameter;

    public string? Code { get; } = code;

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The script is at fault, not the caller.</summary>
    public bool IsProblem { get; init; }

    /// <summary>Sent as it is, in place of the error shape.</summary>
    public string? Body { get; init; }

    public static ModelRefusal Invalid(string message, string? parameter = null, string? code = null) =>
        new(400, "invalid_request_error", message, parameter, code);
}
