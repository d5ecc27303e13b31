using System.Text.Json.Nodes;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>An answer of the API other than success, in the original's shape.</summary>
internal sealed class ApiException(int status, string message, params IEnumerable<JsonObject> errors) : Exception(message)
{
    private const string Documentation = "https://docs.github.com/rest";

    private readonly List<JsonObject> _errors = [.. errors];

    public int Status { get; } = status;

    /// <summary>Seconds for the <c>retry-after</c> header.</summary>
    public int? RetryAfter { get; init; }

    public JsonObject Body()
    {
        var body = new JsonObject { ["message"] = Message };
        if (_errors.Count > 0) body["errors"] = new JsonArray([.. _errors.Select(e => e.DeepClone())]);
        body["documentation_url"] = Documentation;
        body["status"] = Status.ToString();
        return body;
    }

    public static ApiException NotFound() => new(404, "Not Found");

    public static ApiException BadCredentials() => new(401, "Bad credentials");

    public static ApiException Forbidden() => new(403, "Resource not accessible by integration");

    /// <summary>422 with one error of a field.</summary>
    public static ApiException Invalid(string resource, string field, string code, string? message = null)
    {
        var error = new JsonObject { ["resource"] = resource, ["code"] = code, ["field"] = field };
        if (message is not null) error["message"] = message;
        return new ApiException(422, "Validation Failed", error);
    }

    /// <summary>422 with one error that is of no field.</summary>
    public static ApiException Custom(string resource, string message) =>
        new(422, "Validation Failed", new JsonObject { ["resource"] = resource, ["code"] = "custom", ["message"] = message });

    /// <summary>422 for a body that does not match the call's schema.</summary>
    public static ApiException Schema(string problem) => new(422, $"Invalid request.\n\n{problem}");

    public static ApiException Secondary(int retryAfter, int status = 403) => new(status,
        "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.")
    {
        RetryAfter = retryAfter,
    };
}
