using Bots.Engine.Forges;
using Bots.Engine.Storage;
using Bots.Engine.Surfaces;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Workspaces;

/// <summary>Tells a repository's channels that it can't be prepared any more: once, and not again for each commit that does not mend it.</summary>
internal sealed partial class PreparationNotice(IForge forge, IEnumerable<ISurface> surfaces, Notices notices, IStore store, ILogger<PreparationNotice> logger)
{
    public async Task Failed(TreeId tree, RepositoryName repository, string commit, string setup, string problem, CancellationToken cancellation)
    {
        var broken = store.Read(db => TreeStore.Latest(db, repository))?.State == "failed";
        var conversations = broken ? [] : await Conversations(repository, cancellation);
        var text = $"The setup of {repository} fails since {commit[..Math.Min(7, commit.Length)]}, so I go on with the last state that worked: {problem}";
        await store.Write(write =>
        {
            TreeStore.Failed(write, tree, commit, setup, problem);
            foreach (var conversation in conversations) notices.Add(write, $"{tree}:{conversation}", conversation, text, null);
        }, cancellation);
    }

    private async Task<List<ConversationKey>> Conversations(RepositoryName repository, CancellationToken cancellation)
    {
        var channels = (await forge.Repositories(cancellation)).FirstOrDefault(known => known.Name.Equals(repository))?.Channels ?? [];
        var found = new List<ConversationKey>();
        foreach (var (channel, surface) in channels.SelectMany(channel => surfaces.Select(surface => (channel, surface))))
        {
            try
            {
                found.Add(await surface.NewConversation(channel, cancellation));
            }
            catch (SurfaceException e)
            {
                NoSuchPlace(logger, surface.Name, channel, repository, e.Message);
            }
        }

        return found;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Surface} has no {Channel} to tell of {Repository}: {Why}")]
    private static partial void NoSuchPlace(ILogger logger, string surface, string channel, RepositoryName repository, string why);
}
