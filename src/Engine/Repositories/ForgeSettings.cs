using System.Collections.Concurrent;
using Bots.Engine.Forges;
using Bots.Engine.Sandboxes;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Repositories;

/// <summary>Settings as the forge has them on default branches, read anew every few minutes.</summary>
internal sealed partial class ForgeSettings(IForge forge, SandboxOptions sandboxes, TimeProvider clock, ILogger<ForgeSettings> logger) : IRepositorySettings
{
    private static readonly TimeSpan Holds = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan FailureHolds = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<RepositoryName, Known> _known = [];

    public async Task<RepositorySettings> Of(RepositoryName repository, CancellationToken cancellation)
    {
        var known = _known.GetOrAdd(repository, _ => new Known());
        Task<RepositorySettings> reading;
        lock (known)
        {
            if (known.Reading is not { IsCompleted: false } && known.Until <= clock.GetUtcNow()) known.Reading = Read(repository, known);
            reading = known.Reading!;
        }

        return await reading.WaitAsync(cancellation);
    }

    /// <summary>Never fails, and goes on when the caller gives up: others may wait for it.</summary>
    private async Task<RepositorySettings> Read(RepositoryName repository, Known known)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var files = await SettingsFiles.Read((path, cancellation) => forge.ReadFile(repository, path, cancellation), CancellationToken.None);
            var settings = AllowedImages.Only(sandboxes, files);
            lock (known) (known.Good, known.Until) = (settings, clock.GetUtcNow() + Holds);
            return settings;
        }
        catch (Exception e)
        {
            NotRead(logger, repository, e);
            lock (known)
            {
                known.Until = clock.GetUtcNow() + FailureHolds;
                return Fallback(known.Good, e);
            }
        }
    }

    /// <summary>What was read before still holds. Who knows nothing says so.</summary>
    private static RepositorySettings Fallback(RepositorySettings? good, Exception e)
    {
        var cause = e is ForgeException refused ? refused.Message : "something unexpected happened, which the service's log tells.";
        if (good is not null && e is ForgeException { Transient: true }) return good;
        return good is not null
            ? good with { Remarks = [.. good.Remarks, $"The repository's settings could not be read anew; those of before hold. {cause}"] }
            : RepositorySettings.Default with { Remarks = [$"The repository's settings (.bots.yml, devcontainer.json) could not be read, so the defaults hold. {cause}"] };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The settings of {Repository} could not be read")]
    private static partial void NotRead(ILogger logger, RepositoryName repository, Exception e);

    private sealed class Known
    {
        public Task<RepositorySettings>? Reading { get; set; }

        public RepositorySettings? Good { get; set; }

        public DateTimeOffset Until { get; set; }
    }
}
