namespace Bots.Engine.Tests.World;

/// <summary>A test that waits for what never comes fails, rather than hangs. It is no part of any expectation.</summary>
internal static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task<T> Within<T>(this Task<T> task, string? what = null)
    {
        await ((Task)task).Within(what);
        return await task;
    }

    public static async Task Within(this Task task, string? what = null)
    {
        try
        {
            await task.WaitAsync(Limit, TimeProvider.System, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException e) when (!task.IsCompleted)
        {
            throw new ShouldAssertException($"This never came: {what ?? "what was waited for"}", e);
        }
    }
}
