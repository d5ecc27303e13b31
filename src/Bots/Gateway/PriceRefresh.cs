using Bots.Engine;
using Bots.Engine.Models;
using Bots.Engine.Sandboxes;

namespace Bots.Gateway;

/// <summary>Keeps the table of prices fresh: the operator's file, and once a day what <c>Models:PricesUrl</c> answers. A bad answer changes nothing.</summary>
internal sealed partial class PriceRefresh(
    PriceTable table, ModelsOptions options, SandboxPaths paths, IHttpClientFactory clients, TimeProvider time, ILogger<PriceRefresh> log) : Background(time, log)
{
    /// <summary>models.dev's list has some 3 MB.</summary>
    private const int MostBytes = 64 * 1024 * 1024;

    private static readonly TimeSpan Often = TimeSpan.FromDays(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Retry = TimeSpan.FromHours(1);

    private readonly TimeProvider _time = time;

    private string Kept => Path.Combine(paths.DataDirectory, "prices.json");

    protected override async Task Begin(CancellationToken stopping)
    {
        if (options.PricesUrl is not null && File.Exists(Kept)) await Take(Kept, table.UseFetched, stopping);
    }

    protected override async Task<TimeSpan?> Round(CancellationToken cancellation)
    {
        if (options.PricesFile is { Length: > 0 } file) await Take(file, table.UseFile, cancellation);
        var good = options.PricesUrl is not { } url || await Fetch(url, cancellation);
        return good ? Often : Retry;
    }

    private async Task<bool> Fetch(Uri url, CancellationToken stopping)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
        try
        {
            using var client = clients.CreateClient(GatewaySetup.Client);
            client.MaxResponseContentBufferSize = MostBytes;
            using var response = await client.GetAsync(url, either.Token);
            var json = await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(either.Token);
            var list = PriceList.Read(new MemoryStream(json));
            table.UseFetched(list);
            Fetched(list.Count, url.Host);
            await Keep(json, stopping);
            return true;
        }
        catch (Exception problem) when (problem is HttpRequestException or FormatException or IOException or OperationCanceledException && !stopping.IsCancellationRequested)
        {
            NotFetched(problem, url.Host);
            return false;
        }
    }

    private async Task Keep(byte[] json, CancellationToken stopping)
    {
        await File.WriteAllBytesAsync(Kept + ".new", json, stopping);
        File.Move(Kept + ".new", Kept, overwrite: true);
    }

    private async Task Take(string file, Action<PriceList> use, CancellationToken stopping)
    {
        try
        {
            use(PriceList.Read(new MemoryStream(await File.ReadAllBytesAsync(file, stopping))));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or FormatException)
        {
            NotRead(problem, file);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Count} prices of models fetched from {Host}")]
    private partial void Fetched(int count, string host);

    [LoggerMessage(LogLevel.Warning, "No prices of models came from {Host}: those known so far stay. Check Models:PricesUrl")]
    private partial void NotFetched(Exception problem, string host);

    [LoggerMessage(LogLevel.Warning, "{File} could not be read as prices of models: those known so far stay")]
    private partial void NotRead(Exception problem, string file);
}
