using System.Text;
using Bots.Engine.Models;
using Microsoft.AspNetCore.Http.Features;

namespace Bots.Gateway;

/// <summary>Brings a provider's response to the caller as it comes.</summary>
internal static class ModelResponse
{
    private const int MaxErrorBytes = 1024 * 1024;

    /// <param name="patience">Reads an answer on when the caller has left.</param>
    /// <returns>How many bytes came.</returns>
    public static Task<long> Copy(HttpResponseMessage response, HttpContext context, ModelProvider provider, UsageMeter meter, ModelPatience patience)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        ProxiedHeaders.CopyResponse(response, context.Response.Headers, provider.ApiKey);
        return response.IsSuccessStatusCode ? Stream(response, context, meter, patience) : CopyError(response, context, provider);
    }

    private static async Task<long> Stream(HttpResponseMessage response, HttpContext context, UsageMeter meter, ModelPatience patience)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        if (context.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        context.Response.ContentLength = response.Content.Headers.ContentLength;
        try
        {
            await context.Response.StartAsync(context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            patience.Leave();
        }

        return await GatewayStreams.Copy(response, Write, patience.Token);

        ValueTask Write(ReadOnlyMemory<byte> part)
        {
            meter.Feed(part.Span);
            return patience.Deliver(context.Response, part);
        }
    }

    /// <summary>As the provider said it, but never with the key in it: providers like to repeat a key they refuse.</summary>
    private static async Task<long> CopyError(HttpResponseMessage response, HttpContext context, ModelProvider provider)
    {
        if (response.StatusCode == System.Net.HttpStatusCode.Unauthorized)
        {
            context.Response.Headers.ContentEncoding = default;
            await ModelErrors.Write(context, provider.Kind, 401,
                $"The model provider '{provider.Id}' refused the key of this service. Whoever runs it must mend Models:Providers:{provider.Id}:ApiKey.");
            return 0;
        }

        await response.Content.LoadIntoBufferAsync(MaxErrorBytes, context.RequestAborted);
        var body = await response.Content.ReadAsByteArrayAsync(context.RequestAborted);
        if (provider.ApiKey is { } key && body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(key)) >= 0)
            body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace(key, "***", StringComparison.Ordinal));
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
        return body.Length;
    }
}
