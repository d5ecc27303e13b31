using System.Collections.Concurrent;
using System.Data;
using System.Reflection;
using System.Text.RegularExpressions;
using Bots.Engine.Storage;

namespace Bots.Faults.Inside;

/// <summary>A store with two points in each write: all is done but the commit; it is committed, and nobody was told. They bear the name of who writes.</summary>
internal sealed partial class PointedStore(IStore inner, Failpoints points) : IStore, IDisposable
{
    private readonly ConcurrentDictionary<MethodInfo, string> _names = new();

    public Task<T> Write<T>(Func<IWrite, T> work, CancellationToken cancellation = default) => inner.Write(Around(work), cancellation);

    public T Read<T>(Func<IDbConnection, T> work) => inner.Read(work);

    public void Dispose() => (inner as IDisposable)?.Dispose();

    private Func<IWrite, T> Around<T>(Func<IWrite, T> work)
    {
        var own = Own(work);
        var name = _names.GetOrAdd(own.Method, Name);
        return write =>
        {
            write.AfterCommit(() => points.Pass($"after commit {name}"));
            var result = work(write);
            points.Pass($"before commit {name}");
            return result;
        };
    }

    /// <summary>Work without a result is wrapped once; its writer is within.</summary>
    private static Delegate Own(Delegate work) =>
        Outer(work.Method) != typeof(StoreExtensions) ? work
        : work.Target!.GetType().GetFields().Select(field => field.GetValue(work.Target)).OfType<Delegate>().First();

    /// <summary><c>TurnRunner.Finish</c> for the lambda in there.</summary>
    private static string Name(MethodInfo method)
    {
        var match = Lambda().Match(method.Name);
        return $"{Outer(method).Name}.{(match.Success ? match.Groups[1].Value : method.Name)}";
    }

    private static Type Outer(MethodInfo method)
    {
        var type = method.DeclaringType!;
        while (type.Name.StartsWith('<') && type.DeclaringType is { } outer) type = outer;
        return type;
    }

    [GeneratedRegex("^<+(\\w+)>")]
    private static partial Regex Lambda();
}
