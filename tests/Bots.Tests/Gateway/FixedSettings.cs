using Bots.Engine;
using Bots.Engine.Repositories;

namespace Bots.Tests.Gateway;

/// <summary>Every repository says what the test says.</summary>
internal sealed class FixedSettings : IRepositorySettings
{
    public RepositorySettings Settings { get; set; } = RepositorySettings.Default;

    public Task<RepositorySettings> Of(RepositoryName repository, CancellationToken cancellation) => Task.FromResult(Settings);
}
