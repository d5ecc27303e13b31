namespace Bots.Slack;

/// <summary>Reads a request's raw bytes, up to a limit.</summary>
internal static class SlackBody
{
    /// <summary>More than Slack ever sends in one request.</summary>
    public const int Limit = 1024 * 1024;

    /// <returns>Null when the body is longer than <see cref="Limit"/>.</returns>
    public static async Task<byte[]?> Read(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength is { } length)
        {
            if (length > Limit) return null;
            var body = new byte[length];
            await request.Body.ReadExactlyAsync(body, cancellation);
            return body;
        }

        using var collected = new MemoryStream();
        var chunk = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(chunk, cancellation)) > 0;)
        {
            if (collected.Length + read > Limit) return null;
            collected.Write(chunk, 0, read);
        }

        return collected.ToArray();
    }
}
