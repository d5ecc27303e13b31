using System.Data;
using Bots.Engine.Models;
using Bots.Engine.Permissions;
using Bots.Engine.Prompts;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;

namespace Bots.Engine.Gateway;

/// <summary>
/// Holds a session's model calls while a budget is exhausted and people decide. What was asked and decided is in the store: a call that comes
/// anew, also after a restart, finds its question there.
/// </summary>
internal sealed class ModelBudgets(IStore store, PermissionStore permissions, ModelTrouble trouble, ModelsOptions options, TimeProvider clock) : IModelBudgets
{
    /// <summary>Agents give a silent call up after five minutes.</summary>
    internal static readonly TimeSpan Hold = TimeSpan.FromMinutes(4);

    public async Task<BudgetVerdict> Admit(SessionId session, RepositoryName repository, CancellationToken cancellation)
    {
        if (!options.Budgets.AnyHard || store.Read(db => Exceeded(db, session, repository, PromptStore.RunningIn(db, session))) is null) return BudgetVerdict.Go.Now;
        var decided = new Signal();
        void Wake(SessionId any) => decided.Set();
        permissions.Decided += Wake;
        try
        {
            var started = clock.GetTimestamp();
            while (true)
            {
                // The last bit of waiting must not become none at all: the answer is then "later".
                var left = Hold - clock.GetElapsedTime(started);
                var verdict = await store.Write(write => Look(write, session, repository), cancellation);
                if (verdict is BudgetVerdict.Over over) trouble.GiveUp(session, over.Cause);
                if (verdict is not BudgetVerdict.Later || left <= TimeSpan.Zero) return verdict;
                await decided.Wait(left, clock, cancellation);
            }
        }
        finally
        {
            permissions.Decided -= Wake;
        }
    }

    /// <summary>What stands in the store decides; asks people if nobody has.</summary>
    private BudgetVerdict Look(IWrite write, SessionId session, RepositoryName repository)
    {
        var prompt = PromptStore.RunningIn(write.Db, session);
        if (prompt is not null) Close(write, session, repository, prompt);
        if (Exceeded(write.Db, session, repository, prompt) is not ({ } budget, var extended)) return BudgetVerdict.Go.Now;
        if (prompt is null || budget.Extension <= 0) return new BudgetVerdict.Over(budget.Refusal(extended, null));
        var last = PermissionStore.OfGateway(write.Db, prompt.Id, budget.Key);
        if (last is { State: "denied" } && Denial(last) is { } why) return new BudgetVerdict.Over(budget.Refusal(extended, why));
        if (last is not { State: "pending" }) Ask(write, session, prompt, budget, extended);
        return new BudgetVerdict.Later($"{budget.Reached(extended)}; people are asked to extend it.");
    }

    /// <summary>Questions that others have answered meanwhile, by extending the same budget elsewhere.</summary>
    private void Close(IWrite write, SessionId session, RepositoryName repository, PromptRow prompt)
    {
        foreach (var budget in Budget.Of(options.Budgets, session, repository, prompt, clock.GetUtcNow()))
        {
            if (PermissionStore.OfGateway(write.Db, prompt.Id, budget.Key) is not { State: "pending" } open || IsExceeded(write.Db, budget)) continue;
            Spending.Withdraw(write, open.Id);
            permissions.Decide(write, open, Intake.PermissionDecision.AllowOnce, null, "extended elsewhere", null);
        }
    }

    private void Ask(IWrite write, SessionId session, PromptRow prompt, Budget budget, decimal extended)
    {
        var more = Budget.Money(budget.Extension);
        var question = $"{budget.Reached(extended)}. Extend it by {more}?";
        var call = new ToolCall { Id = budget.Key, Kind = "budget", Title = question };
        var id = permissions.AskInWords(write, session, prompt.Id, budget.Key, call, new PermissionWords(question, $"Extend by {more}", null, "Stop"));
        Spending.Extend(write, id, budget.Key, budget.Extension);
    }

    private (Budget Budget, decimal Extended)? Exceeded(IDbConnection db, SessionId session, RepositoryName repository, PromptRow? prompt) =>
        Budget.Of(options.Budgets, session, repository, prompt, clock.GetUtcNow()).Where(budget => IsExceeded(db, budget))
            .Select(budget => ((Budget, decimal)?)(budget, Spending.Extended(db, budget.Key))).FirstOrDefault();

    private static bool IsExceeded(IDbConnection db, Budget budget) =>
        budget.Limit.Hard is not null && budget.IsExceeded(Spending.Of(db, budget.Key), Spending.Extended(db, budget.Key));

    /// <returns>Null for a question that went with its agent: nobody denied it.</returns>
    private static string? Denial(PermissionRow denied) => denied switch
    {
        { DecidedBy: { } by, Reason: { Length: > 0 } reason } => $"and {by.Name} did not extend it: {reason}",
        { DecidedBy: { } by } => $"and {by.Name} did not extend it",
        { Reason: { Length: > 0 } } => "and nobody extended it in time",
        _ => null,
    };
}
