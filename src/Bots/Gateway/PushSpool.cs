using Bots.Engine.Sandboxes;

namespace Bots.Gateway;

/// <summary>Puts a push aside on disk while it is checked. The file has no name: whatever happens, nothing of it stays.</summary>
internal sealed class PushSpool(GatewayOptions options, SandboxPaths paths)
{
    public long MostBytes => options.MaxPushSize.Bytes;

    /// <summary>Takes what comes after the commands.</summary>
    /// <returns>A seekable stream that stands at its beginning; null when it is larger than <see cref="MostBytes"/>.</returns>
    public async Task<Stream?> Take(PushBody push, CancellationToken cancellation)
    {
        var file = Open();
        try
        {
            await file.WriteAsync(push.Read[push.Request.Length..], cancellation);
            var buffer = new byte[128 * 1024];
            while (await push.Rest.ReadAsync(buffer, cancellation) is > 0 and var count)
            {
                if (file.Length + count > MostBytes)
                {
                    await file.DisposeAsync();
                    return null;
                }

                await file.WriteAsync(buffer.AsMemory(0, count), cancellation);
            }

            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private FileStream Open()
    {
        var name = Path.Combine(paths.DataDirectory, $"push-{Guid.NewGuid():N}.tmp");
        // The data directory is its owner's alone already.
        var file = new FileStream(name, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 64 * 1024);
        File.Delete(name);
        return file;
    }
}
