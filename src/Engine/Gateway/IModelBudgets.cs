namespace Bots.Engine.Gateway;

/// <summary>Lets model calls wait where money has run out.</summary>
public interface IModelBudgets
{
    /// <summary>Returns at once while there is money. Otherwise people are asked to extend the budget, and the call is held until they answer, but for no longer than an agent waits.</summary>
    Task<BudgetVerdict> Admit(SessionId session, RepositoryName repository, CancellationToken cancellation);
}

/// <summary>Whether a model call may go.</summary>
public abstract record BudgetVerdict
{
    private BudgetVerdict()
    {
    }

    public sealed record Go : BudgetVerdict
    {
        public static readonly Go Now = new();
    }

    /// <summary>Nobody has answered yet: the caller should call again at once.</summary>
    public sealed record Later(string Why) : BudgetVerdict;

    /// <summary>It may not, and the turn is being ended with this cause, in words people read.</summary>
    public sealed record Over(string Cause) : BudgetVerdict;
}
