namespace Bots.Simulators.Models;

/// <summary>One request and what became of it.</summary>
public sealed record ModelExchange
{
    /// <summary>Stable number in the order of arrival.</summary>
    public required int Number { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Null when the body was refused.</summary>
    public ModelRequest? Request { get; init; }

    /// <summary>Name of the script that answered: <c>title</c> and <c>echo</c> are the built-in ones.</summary>
    public string? Script { get; init; }

    /// <summary>Index of the step in its script.</summary>
    public int Turn { get; init; }

    /// <summary>HTTP status; null while the answer is under way.</summary>
    public int? Status { get; init; }

    /// <summary>The caller went away before the answer was whole.</summary>
    public bool Cancelled { get; init; }

    /// <summary>Why it was refused.</summary>
    public string? Refusal { get; init; }
}
