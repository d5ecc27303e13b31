using System.Text.RegularExpressions;

namespace Bots.Simulators.GitHub.Faults;

/// <summary>The faults that calls to come will meet, in the order they were planned.</summary>
internal sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly List<Planned> _planned = [];

    /// <param name="pattern">Method and path: <c>POST /repos/*/*/issues/*/comments</c>. <c>*</c> is one path segment or any method, <c>**</c> any rest.</param>
    public void Add(string pattern, Fault fault, int times)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(times);
        if (pattern.Split(' ') is not [var method, ['/', ..] path])
            throw new ArgumentException($"'{pattern}' is not a method and a path.", nameof(pattern));
        lock (_gate) _planned.Add(new Planned(Expression(method, path), fault) { Left = times });
    }

    /// <summary>The fault this call meets, if any; it is used up by that.</summary>
    public Fault? Take(string method, string path)
    {
        lock (_gate)
        {
            var planned = _planned.Find(p => p.Calls.IsMatch($"{method} {path}"));
            if (planned is not null && --planned.Left == 0) _planned.Remove(planned);
            return planned?.Fault;
        }
    }

    private static Regex Expression(string method, string path)
    {
        var verb = method == "*" ? "[A-Z]+" : Regex.Escape(method);
        var rest = Regex.Escape(path).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]+", StringComparison.Ordinal);
        return new Regex($"^{verb} {rest}$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));
    }

    private sealed record Planned(Regex Calls, Fault Fault)
    {
        public int Left { get; set; }
    }
}
