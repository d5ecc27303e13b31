using Bots.Engine.Surfaces;

namespace Bots.Missed;

/// <summary>Finds what a surface had to deliver while nobody listened.</summary>
public interface IMissedDeliveries
{
    string Surface { get; }

    /// <summary>Takes in, or lets be sent again, what was missed since then. May be repeated: the inbox knows what it has.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="SurfaceException">The surface did not tell; what was found before that is taken in.</exception>
    Task<int> TakeIn(DateTimeOffset since, CancellationToken cancellation);
}
