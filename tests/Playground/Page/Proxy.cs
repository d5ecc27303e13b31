namespace Bots.Playground.Page;

/// <summary>Passes calls of the page on to another server, streams included, so that the page needs one origin only.</summary>
internal sealed class Proxy(HttpClient client)
{
    private static readonly string[] Passed = ["Accept", "Last-Event-ID"];

    /// <summary>Maps everything below <paramref name="prefix"/> to what is below <paramref name="target"/>.</summary>
    public void Map(IEndpointRouteBuilder routes, string prefix, Uri target) =>
        routes.Map($"{prefix}/{{**rest}}", (HttpContext context, string? rest) => Forward(context, new Uri(target, rest + context.Request.QueryString)));

    private async Task Forward(HttpContext context, Uri target)
    {
        var gone = context.RequestAborted;
        try
        {
            using var request = Request(context.Request, target);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, gone);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            context.Response.Headers.CacheControl = "no-store";
            await Copy(await answer.Content.ReadAsStreamAsync(gone), context.Response, gone);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            if (context.Response.HasStarted) context.Abort();
            else await TypedResults.Problem($"{target.GetLeftPart(UriPartial.Authority)} does not answer: {e.Message}", statusCode: StatusCodes.Status502BadGateway).ExecuteAsync(context);
        }
    }

    private static HttpRequestMessage Request(HttpRequest from, Uri target)
    {
        var request = new HttpRequestMessage(new HttpMethod(from.Method), target);
        if (HttpMethods.IsPost(from.Method))
        {
            request.Content = new StreamContent(from.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", from.ContentType);
        }

        foreach (var name in Passed)
            if (from.Headers.TryGetValue(name, out var value)) request.Headers.TryAddWithoutValidation(name, value.ToString());
        return request;
    }

    /// <summary>Piece by piece as it comes: an event must not wait for the next one.</summary>
    private static async Task Copy(Stream from, HttpResponse to, CancellationToken cancellation)
    {
        await to.StartAsync(cancellation);
        await to.Body.FlushAsync(cancellation);
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            await to.Body.WriteAsync(buffer.AsMemory(0, read), cancellation);
            await to.Body.FlushAsync(cancellation);
        }
    }
}
