using Bots.Sandbox.Sidecars;
using Bots.Sandbox.Wire;

namespace Bots.Sandbox.Tests;

public sealed class OutputReaderTests
{
    readonly OutputReader _reader = new("agent", id: 7, after: 10);

    [Fact]
    public void What_was_under_way_for_an_earlier_reader_is_passed_over()
    {
        Take(reader: 6, number: 11);

        Arrived().ShouldBeEmpty();
    }

    [Fact]
    public void What_comes_again_on_a_new_socket_is_passed_over()
    {
        Take(7, 11);
        Take(7, 12);
        Take(7, 11);
        Take(7, 13);

        Arrived().ShouldBe([11, 12, 13]);
    }

    [Fact]
    public void A_new_socket_goes_on_after_what_has_arrived()
    {
        Take(7, 11);

        _reader.Resume().ShouldBe(new ToSidecar.Read("agent", 7, After: 11, UpTo: 266));
    }

    [Fact]
    public void The_sidecar_may_send_more_once_half_the_window_is_taken()
    {
        _reader.Consumed(137).ShouldBeNull();
        _reader.Consumed(138).ShouldBe(new ToSidecar.Extend("agent", 7, UpTo: 394));
        _reader.Consumed(139).ShouldBeNull();
    }

    void Take(long reader, long number) => _reader.Take(new ToService.Output("agent", reader, number, OutputKind.Line, "x", null));

    List<long> Arrived()
    {
        var arrived = new List<long>();
        while (_reader.Arrived.TryRead(out var output)) arrived.Add(output.Number);
        return arrived;
    }
}
