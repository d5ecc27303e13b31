using System.Reflection;
using System.Text.RegularExpressions;
using Bots.Sandbox.Sidecars;

namespace Bots.Faults.Inside;

/// <summary>Puts a point before each asynchronous call of an interface, and one after it: the effect is there, and nobody has heard of it.</summary>
public partial class Pointed<T> : DispatchProxy
    where T : class
{
    private static readonly MethodInfo Awaiting = typeof(Pointed<T>).GetMethod(nameof(AwaitResult), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private T _inner = null!;
    private string _name = "";
    private Failpoints _points = null!;

    /// <param name="name">What its points are called after.</param>
    internal static T Around(T inner, string name, Failpoints points)
    {
        var proxy = Create<T, Pointed<T>>();
        var self = (Pointed<T>)(object)proxy;
        (self._inner, self._name, self._points) = (inner, name, points);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var isTask = typeof(Task).IsAssignableFrom(targetMethod!.ReturnType);
        var point = isTask ? $"{_name}.{targetMethod.Name}{Detail(args)}" : "";
        if (isTask) _points.Pass($"before {point}");
        var result = targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
        if (!isTask) return result;
        return targetMethod.ReturnType.IsGenericType
            ? Awaiting.MakeGenericMethod(targetMethod.ReturnType.GenericTypeArguments).Invoke(this, [result, point])
            : Await((Task)result!, point);
    }

    private async Task Await(Task task, string point)
    {
        await task;
        _points.Pass($"after {point}");
    }

    private async Task<TResult> AwaitResult<TResult>(Task<TResult> task, string point)
    {
        var result = await task;
        _points.Pass($"after {point}");
        return result is ISandboxConnection connection ? (TResult)(object)Pointed<ISandboxConnection>.Around(connection, "agent", _points) : result;
    }

    /// <summary>The platform's own git commands are told apart: <c>agent.Exec push</c>.</summary>
    private static string Detail(object?[]? args) =>
        args is [ExecRequest exec, ..] && Git().Match(string.Join(' ', exec.Arguments)) is { Success: true } git ? $" {git.Groups[1].Value}" : "";

    [GeneratedRegex("commit.gpgSign=false (push|commit|clone)")]
    private static partial Regex Git();
}
