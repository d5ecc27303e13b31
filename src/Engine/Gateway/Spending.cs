using System.Data;
using Bots.Engine.Prompts;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Dapper;

namespace Bots.Engine.Gateway;

/// <summary>What model calls cost, as the store keeps it.</summary>
internal static class Spending
{
    private const decimal Unit = 1_000_000_000m;

    /// <summary>Keeps one call, and adds its price to every budget it counts against.</summary>
    /// <param name="cost">In US dollars; null when the price is not known.</param>
    public static void Add(IWrite write, SessionId session, RepositoryName repository, PromptRow? prompt, string model, TokenUsage usage, decimal? cost, DateTimeOffset at, IEnumerable<Budget> budgets)
    {
        var units = cost is { } dollars ? Units(dollars) : (long?)null;
        write.Db.Execute(
            """
            INSERT INTO usage (at, session_id, prompt_id, user_key, repository, model, input, output, cache_read, cache_write, cost)
            VALUES (@at, @session, @prompt, @user, @repository, @model, @Input, @Output, @CacheRead, @CacheWrite, @units)
            """,
            new
            {
                at, session, prompt = prompt?.Id, user = prompt is null ? null : $"{prompt.Author.Surface}:{prompt.Author.Id}",
                repository = repository.ToString(), model, usage.Input, usage.Output, usage.CacheRead, usage.CacheWrite, units,
            });
        if (units is null or 0) return;
        foreach (var budget in budgets)
            write.Db.Execute("INSERT INTO spending (budget, cost) VALUES (@Key, @units) ON CONFLICT (budget) DO UPDATE SET cost = cost + excluded.cost", new { budget.Key, units });
    }

    /// <summary>In US dollars.</summary>
    public static decimal Of(IDbConnection db, string budget) =>
        (db.QueryFirstOrDefault<long?>("SELECT cost FROM spending WHERE budget = @budget", new { budget }) ?? 0) / Unit;

    /// <summary>By how much people extended a budget, in US dollars.</summary>
    public static decimal Extended(IDbConnection db, string budget) => db.QuerySingle<long>(
        """
        SELECT COALESCE(SUM(e.amount), 0) FROM budget_extensions e JOIN permission_requests p ON p.id = e.permission_id
        WHERE e.budget = @budget AND p.state = 'allowed'
        """,
        new { budget }) / Unit;

    /// <summary>Extends a budget from the moment its permission request is allowed.</summary>
    public static void Extend(IWrite write, PermissionId permission, string budget, decimal dollars) => write.Db.Execute(
        "INSERT INTO budget_extensions (permission_id, budget, amount) VALUES (@permission, @budget, @amount)", new { permission, budget, amount = Units(dollars) });

    /// <summary>An answer to this permission request extends nothing any more.</summary>
    public static void Withdraw(IWrite write, PermissionId permission) =>
        write.Db.Execute("DELETE FROM budget_extensions WHERE permission_id = @permission", new { permission });

    /// <summary>True when a session has used a model before.</summary>
    public static bool Knows(IDbConnection db, SessionId session, string model) =>
        db.QuerySingle<bool>("SELECT EXISTS (SELECT 1 FROM usage WHERE session_id = @session AND model = @model)", new { session, model });

    private static long Units(decimal dollars) => (long)decimal.Ceiling(Math.Clamp(dollars, 0, 1_000_000_000m) * Unit);
}
