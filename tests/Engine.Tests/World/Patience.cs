namespace Bots.Engine.Tests.World;

/// <summary>A test that waits for what never comes fails, rather than hangs. It is no part of any expectation.</summary>
internal static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(Limit, TimeProvider.System, TestContext.Current.CancellationToken);

    public static Task Within(this Task task) => task.WaitAsync(Limit, TimeProvider.System, TestContext.Current.CancellationToken);
}
