using Bots.Configuration;
using Bots.Engine.Sandboxes;
using Bots.Engine.Storage;

namespace Bots.Storage;

/// <summary>Whether the database is whole. A damaged one is neither opened nor changed: what can be saved of it is still in there.</summary>
internal sealed class DatabaseCheck(SandboxPaths paths) : IConfigurationCheck
{
    public IEnumerable<ConfigurationProblem> Check()
    {
        if (StoreFile.Problem(paths.Database) is { } problem)
        {
            yield return new(
                "Bots:DataDirectory",
                $"the database {paths.Database} is damaged: {problem}",
                "Nothing in it was changed. Move bots.db, bots.db-wal and bots.db-shm to another folder, put a backup in place of bots.db, and start again (docs/operations.md, Restore).");
        }
    }
}
