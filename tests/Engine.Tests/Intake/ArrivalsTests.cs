using Bots.Engine.Intake;

namespace Bots.Engine.Tests.Intake;

/// <summary>What was just stored is handed on in memory; whenever that may not be all, the store has to be read.</summary>
public sealed class ArrivalsTests
{
    private const int ReadTheStore = 0;

    private readonly Arrivals _arrivals = new();

    [Fact]
    public void What_comes_before_the_store_was_read_is_left_to_the_store()
    {
        _arrivals.Add(Stored(1));

        _arrivals.Take(10).Count.ShouldBe(ReadTheStore);
    }

    [Fact]
    public void What_comes_after_the_store_was_read_is_handed_on_in_order_once()
    {
        _arrivals.Collect();
        _arrivals.Read([], isAll: true);
        for (var row = 1; row <= 5; row++) _arrivals.Add(Stored(row));

        Rows(3).ShouldBe([1, 2, 3]);
        Rows(3).ShouldBe([4, 5]);
        Rows(3).ShouldBeEmpty();
    }

    [Fact]
    public void What_came_while_the_store_was_read_and_was_found_there_is_not_taken_twice()
    {
        _arrivals.Collect();
        for (var row = 4; row <= 6; row++) _arrivals.Add(Stored(row));
        _arrivals.Read([Stored(2), Stored(5)], isAll: true);

        Rows(10).ShouldBe([6]);
    }

    [Fact]
    public void Where_the_store_had_more_than_was_read_the_rest_is_read_from_there()
    {
        _arrivals.Collect();
        _arrivals.Add(Stored(9));
        _arrivals.Read([Stored(1)], isAll: false);
        _arrivals.Add(Stored(10));

        Rows(10).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(2_000, 10)]
    [InlineData(5, 1_000_000)]
    public void What_is_too_much_to_hold_is_left_to_the_store_until_it_was_read_again(int deliveries, int bytes)
    {
        _arrivals.Collect();
        _arrivals.Read([], isAll: true);
        for (var row = 1; row <= deliveries; row++) _arrivals.Add(Stored(row, bytes));

        Rows(10).ShouldBeEmpty();
        _arrivals.Collect();
        _arrivals.Read([Stored(deliveries)], isAll: true);
        _arrivals.Add(Stored(deliveries + 1));
        Rows(10).ShouldBe([deliveries + 1]);
    }

    private List<long> Rows(int most) => [.. _arrivals.Take(most).Select(d => d.Row)];

    private static PendingDelivery Stored(long row, int bytes = 1) =>
        new(row, 0, false, new Delivery { Surface = "fake", Id = $"d{row}", Kind = "k", Body = new byte[bytes], ReceivedAt = DateTimeOffset.UnixEpoch });
}
