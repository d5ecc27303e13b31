namespace Bots.Engine.Models;

/// <summary>Section <c>Models:Budgets</c>: what model calls may cost. Whatever is not set is not limited.</summary>
public sealed record BudgetsOptions
{
    /// <summary>One session, as long as it lives.</summary>
    public BudgetLimit Session { get; init; } = new();

    /// <summary>One person's prompts on one day (UTC).</summary>
    public BudgetLimit User { get; init; } = new();

    /// <summary>All sessions of one repository on one day (UTC).</summary>
    public BudgetLimit Repository { get; init; } = new();

    /// <summary>Everything on one day (UTC).</summary>
    public BudgetLimit Day { get; init; } = new();

    /// <summary>True when some calls may have to wait.</summary>
    public bool AnyHard => Session.Hard is not null || User.Hard is not null || Repository.Hard is not null || Day.Hard is not null;

    public bool Any => AnyHard || Session.Soft is not null || User.Soft is not null || Repository.Soft is not null || Day.Soft is not null;
}

/// <summary>In US dollars.</summary>
public sealed record BudgetLimit
{
    /// <summary>Who works is told once.</summary>
    public decimal? Soft { get; init; }

    /// <summary>Model calls wait until people extend it.</summary>
    public decimal? Hard { get; init; }

    /// <summary>What it grows by each time; null is as much as <see cref="Hard"/>, 0 never lets it grow.</summary>
    public decimal? Extension { get; init; }
}
