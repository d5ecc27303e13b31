namespace Bots.Sidecar;

/// <summary>
/// A sandbox with as many processes as it may have has no room for another thread of ours either, and .NET ends a process that cannot start
/// one it needs. So all threads of the pool are started at the beginning and stay (their number is in the project file), and so do those
/// that wait for handles and for the time.
/// </summary>
internal static class Threads
{
    static readonly ManualResetEvent Never = new(false);
    static readonly Timer Late = new(static _ => { });

    /// <summary>Returns before they all run.</summary>
    public static void StartAll()
    {
        ThreadPool.GetMinThreads(out var workers, out _);
        var started = new CountdownEvent(workers);
        for (var i = 0; i < workers; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static all =>
                {
                    all.Signal();
                    all.Wait();
                },
                started,
                preferLocal: false);
        }

        ThreadPool.UnsafeRegisterWaitForSingleObject(Never, static (_, _) => { }, null, Timeout.Infinite, executeOnlyOnce: true);
        Late.Change(TimeSpan.FromDays(1), Timeout.InfiniteTimeSpan);
    }
}
