using Bots.Engine;
using Bots.Engine.Gateway;

namespace Bots.Tests.Gateway;

/// <summary>Budgets that answer what the test says.</summary>
internal sealed class FixedBudgets : IModelBudgets
{
    public Func<CancellationToken, Task<BudgetVerdict>> Answer { get; set; } = _ => Task.FromResult<BudgetVerdict>(BudgetVerdict.Go.Now);

    public Task<BudgetVerdict> Admit(SessionId session, RepositoryName repository, CancellationToken cancellation) => Answer(cancellation);
}
