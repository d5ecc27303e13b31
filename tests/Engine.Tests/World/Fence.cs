using System.Data;

namespace Bots.Engine.Tests.World;

/// <summary>
/// One life of the engine. Everything it does to the world outside goes through here, so that it can end at any step as a killed
/// process does: what was done stays done, nobody is told, and nothing more is done.
/// </summary>
public sealed class Fence(int? lastStep = null)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _died = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int? _stepsLeft = lastStep;

    /// <summary>It dies right after the first commit for which this is true, before anybody is told of that commit.</summary>
    public Func<IDbConnection, bool>? Doom { get; set; }

    public Task Died => _died.Task;

    public bool IsDead => _died.Task.IsCompleted;

    public void Kill() => _died.TrySetResult();

    /// <summary>Lets it live, however many steps it takes.</summary>
    /// <returns>False when it is too late for that.</returns>
    public bool Spare()
    {
        lock (_lock)
        {
            _stepsLeft = null;
            return !IsDead;
        }
    }

    /// <summary>A call to the world outside. When it dies meanwhile, the call never returns.</summary>
    public async Task<T> Through<T>(Func<Task<T>> call)
    {
        if (IsDead) return await Never<T>();
        T result;
        try
        {
            result = await call();
        }
        catch when (IsDead)
        {
            return await Never<T>();
        }

        lock (_lock)
        {
            if (--_stepsLeft == 0) Kill();
        }

        return IsDead ? await Never<T>() : result;
    }

    public Task Through(Func<Task> call) => Through(async () =>
    {
        await call();
        return true;
    });

    public static Task<T> Never<T>() => new TaskCompletionSource<T>().Task;
}
