using Bots.Engine.Gateway;
using Bots.Engine.Models;
using Bots.Engine.Repositories;

namespace Bots.Gateway;

/// <summary>Decides whether a model call may go: whether its model is allowed, whether it stays with that, and whether there is money for it.</summary>
internal sealed class ModelGate(ModelsOptions options, IRepositorySettings settings, IModelBudgets budgets)
{
    /// <returns>Null when it may.</returns>
    public async Task<ModelRefusal?> Refusal(ModelCall call, CancellationToken cancellation)
    {
        if (!call.Route.HasBody) return null;
        var own = (await settings.Of(call.Repository, cancellation)).Models;
        foreach (var model in call.Request.Models)
            if (ModelRules.Refusal($"{call.Provider.Id}/{model}", options.Allow, own, call.Repository) is { } forbidden)
                return new ModelRefusal(403, Printable.Of(forbidden, 1000));
        if (call.Request.Hosted is { } hosted && !options.HostedTools)
            return new ModelRefusal(400, $"This call uses {hosted}: with that the provider itself reaches other hosts, around the rules of this sandbox. Leave it out and use tools of your own. Whoever runs this service can allow it with Models:HostedTools.");
        if (!call.Route.Spends) return null;
        if (call.Request.IsBackground)
            return new ModelRefusal(400, "The gateway does not pass on calls with `background`: what they use would be counted nowhere. Send it without, and read the answer as it comes.");
        return await budgets.Admit(call.Session, call.Repository, cancellation) switch
        {
            BudgetVerdict.Later later => new ModelRefusal(429, later.Why),
            BudgetVerdict.Over over => new ModelRefusal(403, over.Cause),
            _ => null,
        };
    }
}

/// <param name="Status">429 when the same call may be allowed a moment later.</param>
internal sealed record ModelRefusal(int Status, string Why);
