using System.Globalization;
using Bots.Engine.Models;
using Bots.Engine.Prompts;

namespace Bots.Engine.Gateway;

/// <summary>One limit that a model call counts against. Pure.</summary>
/// <param name="Key">Names what is summed: <c>session:ses_…</c>, <c>user:slack:U1:2026-01-31</c>.</param>
/// <param name="Setting">Where it is configured.</param>
/// <param name="Who">Begins a sentence: "This session".</param>
/// <param name="Whose">Its budget, in a sentence: "its budget".</param>
internal sealed record Budget(string Key, string Setting, string Who, string Whose, BudgetLimit Limit)
{
    /// <summary>In US dollars; 0 when it cannot be extended.</summary>
    public decimal Extension => Limit.Extension ?? Limit.Hard ?? 0;

    /// <summary>Every budget a call of a session counts against, the narrowest first, whether it has a limit or not.</summary>
    /// <param name="prompt">Whose call it is; null when nothing of the session runs.</param>
    public static IReadOnlyList<Budget> Of(BudgetsOptions options, SessionId session, RepositoryName repository, PromptRow? prompt, DateTimeOffset now)
    {
        var day = now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var budgets = new List<Budget> { new($"session:{session}", "Session", "This session", "its budget", options.Session) };
        if (prompt is not null) budgets.Add(new($"user:{prompt.Author.Surface}:{prompt.Author.Id}:{day}", "User", prompt.Author.Name, "the daily budget of one person", options.User));
        budgets.Add(new($"repository:{repository.ToString().ToLowerInvariant()}:{day}", "Repository", repository.ToString(), "its daily budget", options.Repository));
        budgets.Add(new($"day:{day}", "Day", "All work together", "the budget of one day", options.Day));
        return budgets;
    }

    /// <summary>What people are told when spending goes from <paramref name="before"/> to <paramref name="after"/>; null while there is nothing to tell.</summary>
    /// <param name="extended">By how much people extended the budget.</param>
    public string? Warning(decimal before, decimal after, decimal extended) =>
        Limit.Soft is { } soft && before < soft && after >= soft
            ? $"{Who} has spent {Money(after)}{(Limit.Hard is { } hard ? $" of {Whose}, {Money(hard + extended)}" : "")}."
            : null;

    public bool IsExceeded(decimal spent, decimal extended) => Limit.Hard is { } hard && spent >= hard + extended;

    public string Reached(decimal extended) => $"{Who} reached {Whose} of {Money((Limit.Hard ?? 0) + extended)}";

    /// <summary>Why a turn ended here.</summary>
    /// <param name="why">What people did about it: "and Ben did not extend it"; null when it cannot be extended.</param>
    public string Refusal(decimal extended, string? why) =>
        $"{Reached(extended)}{(why is null ? "" : $", {why}")}. Whoever runs this service can raise `Models:Budgets:{Setting}:Hard`.";

    public static string Money(decimal dollars) => string.Create(CultureInfo.InvariantCulture, $"${(dollars is > 0 and < 0.01m ? dollars.ToString("0.####", CultureInfo.InvariantCulture) : dollars.ToString("0.00", CultureInfo.InvariantCulture))}");
}
