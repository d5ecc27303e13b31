using Bots.Simulators.GitHub.Rest;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.GitHub.Faults;

/// <summary>Lets calls of the API and of git meet their planned faults.</summary>
internal static class FaultMiddleware
{
    public static async Task Invoke(HttpContext http, RequestDelegate next, FaultPlan plan)
    {
        if (CallLog.PathOf(http) is not { } path)
        {
            await next(http);
            return;
        }

        switch (plan.Take(http.Request.Method, path))
        {
            case Fault.Status(var code, var message):
                await Refuse(http, new ApiException(code, message));
                break;
            case Fault.Limit(var code, var seconds):
                await Refuse(http, ApiException.Secondary(seconds, code));
                break;
            case Fault.Drop(var effect):
                CallLog.NotesOf(http).Dropped = true;
                http.Response.Body = new MemoryStream();
                if (effect) await next(http);
                http.Abort();
                break;
            case Fault.Cut:
                CallLog.NotesOf(http).Dropped = true;
                var (outgoing, whole) = (http.Response.Body, new MemoryStream());
                http.Response.Body = whole;
                await next(http);
                http.Response.Body = outgoing;
                await HalfAnswer.Send(http, whole.ToArray());
                break;
            case Fault.Held(var release):
                await release.WaitAsync(http.RequestAborted);
                await next(http);
                break;
            default:
                await next(http);
                break;
        }
    }

    private static Task Refuse(HttpContext http, ApiException error)
    {
        if (error.RetryAfter is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString();
        return Answer.Ok(http, error.Body(), error.Status);
    }
}
