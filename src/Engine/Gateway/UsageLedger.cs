using Bots.Engine.Audit;
using Bots.Engine.Models;
using Bots.Engine.Prompts;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Telemetry;

namespace Bots.Engine.Gateway;

/// <summary>Books what a model call used, and tells people once when a budget's soft limit is reached.</summary>
internal sealed class UsageLedger(SessionLog log, PriceTable prices, ModelNames names, ModelsOptions options, EngineMetrics metrics, TimeProvider clock)
{
    public void Book(IWrite write, SessionId session, string provider, string model, TokenUsage usage)
    {
        var (now, name, cost) = (clock.GetUtcNow(), $"{provider}/{model}", prices.Cost(provider, model, usage));
        var prompt = PromptStore.RunningIn(write.Db, session);
        if (SessionStore.Get(write.Db, session)?.Target?.Repository is not { } repository) throw new InvalidOperationException($"{session} has no repository, and so no agent that calls models.");
        var budgets = Budget.Of(options.Budgets, session, repository, prompt, now);
        var before = budgets.ToDictionary(b => b.Key, b => b.Limit.Soft is null ? 0 : Spending.Of(write.Db, b.Key));
        var known = cost is not null || !options.Budgets.Any || Spending.Knows(write.Db, session, name);
        Spending.Add(write, session, repository, prompt, name, usage, cost, now, budgets);
        log.Append(write, session, new SessionEvent.UsageRecorded(prompt?.Id, name, usage, cost));
        write.AfterCommit(() => metrics.Used(names.Of(provider, model), usage, cost));
        if (prompt is not null) ModelTotals.Add(write, prompt.Id, name, usage);
        else AuditLog.Append(write, AuditEntry.StrayModelCall(now, session, name, usage));
        if (!known) Note($"The price of {name} is not known, so what it costs counts against no budget. Whoever runs this service can set `Models:Prices:{name}`.");
        foreach (var budget in budgets)
            if (budget.Warning(before[budget.Key], before[budget.Key] + (cost ?? 0), Spending.Extended(write.Db, budget.Key)) is { } warning) Note(warning);

        void Note(string text) => log.Append(write, session, new SessionEvent.Noted(prompt?.Id, text));
    }
}
