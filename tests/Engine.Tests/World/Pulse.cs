using System.Runtime.CompilerServices;

namespace Bots.Engine.Tests.World;

/// <summary>Beats whenever something changed, so that a test looks again then, and only then.</summary>
public sealed class Pulse
{
    private TaskCompletionSource _next = New();

    public void Beat() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    /// <summary>Waits until something is true. It is looked at once now and after each beat.</summary>
    public async Task Until(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? what = null)
    {
        while (true)
        {
            var next = Volatile.Read(ref _next).Task;
            if (condition()) return;
            await next.Within(what);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
