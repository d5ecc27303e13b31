using Bots.Engine.Audit;
using Bots.Engine.Models;
using Bots.Engine.Prompts;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;

namespace Bots.Engine.Gateway;

/// <summary>Books what a model call used, and tells people once when a budget's soft limit is reached.</summary>
internal sealed class UsageLedger(SessionLog log, PriceTable prices, ModelsOptions options, TimeProvider clock)
{
    public void Book(IWrite write, GatewayCaller caller, string provider, string model, TokenUsage usage)
    {
        var (now, name, cost) = (clock.GetUtcNow(), $"{provider}/{model}", prices.Cost(provider, model, usage));
        var prompt = PromptStore.RunningIn(write.Db, caller.Session);
        var budgets = Budget.Of(options.Budgets, caller, prompt, now);
        var before = budgets.ToDictionary(b => b.Key, b => b.Limit.Soft is null ? 0 : Spending.Of(write.Db, b.Key));
        var known = cost is not null || !options.Budgets.Any || Spending.Knows(write.Db, caller.Session, name);
        Spending.Add(write, caller, prompt, name, usage, cost, now, budgets);
        log.Append(write, caller.Session, new SessionEvent.UsageRecorded(prompt?.Id, name, usage, cost));
        if (prompt is not null) ModelTotals.Add(write, prompt.Id, name, usage);
        else AuditLog.Append(write, AuditEntry.StrayModelCall(now, caller, name, usage));
        if (!known) Note($"The price of {name} is not known, so what it costs counts against no budget. Whoever runs this service can set `Models:Prices:{name}`.");
        foreach (var budget in budgets)
            if (budget.Warning(before[budget.Key], before[budget.Key] + (cost ?? 0), Spending.Extended(write.Db, budget.Key)) is { } warning) Note(warning);

        void Note(string text) => log.Append(write, caller.Session, new SessionEvent.Noted(prompt?.Id, text));
    }
}
