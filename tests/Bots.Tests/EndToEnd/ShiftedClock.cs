namespace Bots.Tests.EndToEnd;

/// <summary>The real clock, set forward: hours pass while nothing runs.</summary>
public sealed class ShiftedClock : TimeProvider
{
    private TimeSpan _shift;

    public void Forward(TimeSpan by) => _shift += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _shift;
}
