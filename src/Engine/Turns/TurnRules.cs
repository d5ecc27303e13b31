using Bots.Engine.Permissions;
using Bots.Engine.Prompts;
using Bots.Engine.Repositories;
using Bots.Engine.Sessions;

namespace Bots.Engine.Turns;

/// <summary>What the organisation and the repository say of a turn, read at its start.</summary>
internal sealed class TurnRules(IRepositorySettings repositories, PermissionsOptions options, SessionLog log)
{
    /// <summary>The rules of a prompt's turn. What the repository says that cannot be honoured is told once in its session.</summary>
    /// <param name="view">The session so far.</param>
    public async Task<PolicyRules> Of(PromptRow prompt, SessionView view, RepositoryName repository, CancellationToken cancellation)
    {
        var settings = await repositories.Of(repository, cancellation);
        var told = view.Prompts.SelectMany(p => p.Notes).ToHashSet(StringComparer.Ordinal);
        var untold = settings.Remarks.Where(told.Add).Select(remark => (SessionEvent)new SessionEvent.Noted(prompt.Id, remark)).ToArray();
        if (untold.Length > 0) await log.Append(prompt.SessionId, untold);
        return new PolicyRules(new ToolRules { Allow = options.Allow, Ask = options.Ask, Deny = options.Deny }, settings.Tools);
    }
}
