using System.Net;
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
        Take(7, 11, cost: 1000);

        _reader.Resume().ShouldBe(new ToSidecar.Read("agent", 7, After: 11, Credit: Protocol.ReadWindow - 1000));
    }

    [Fact]
    public void The_sidecar_may_send_more_once_half_the_window_is_taken()
    {
        const int Half = Protocol.ReadWindow / 2;
        Take(7, 11, cost: Half - 1);
        Take(7, 12, cost: 1);

        _reader.Consumed(Half - 1).ShouldBeNull();
        _reader.Consumed(1).ShouldBe(new ToSidecar.Extend("agent", 7, Half));
        _reader.Resume().Credit.ShouldBe(Protocol.ReadWindow);
    }

    [Fact]
    public void Who_sends_more_than_was_asked_for_is_found_out()
    {
        Take(7, 11, cost: Protocol.ReadWindow - 1);
        Take(7, 12, cost: 5000);

        Should.Throw<ProtocolViolationException>(() => Take(7, 13));
        _reader.Resume().Credit.ShouldBe(-4999);
    }

    [Fact]
    public void Parts_become_one_line_and_take_no_room_while_they_wait()
    {
        for (var number = 11; number < 100; number++) Take(7, number, cost: Protocol.PartBytes, OutputKind.Part);
        Take(7, 100);

        _reader.Arrived.TryRead(out var line).ShouldBeTrue();
        line.Output.Number.ShouldBe(100);
        line.Output.Text.ShouldBe(new string('x', 90));
    }

    [Fact]
    public void A_line_without_end_is_found_out() => Should.Throw<ProtocolViolationException>(() =>
    {
        var part = new string('x', Protocol.PartBytes);
        for (var number = 11; ; number++) _reader.Take(new ToService.Output("agent", 7, number, OutputKind.Part) { Text = part }, 1);
    });

    void Take(long reader, long number, int cost = 1, OutputKind kind = OutputKind.Line) =>
        _reader.Take(new ToService.Output("agent", reader, number, kind) { Text = "x" }, cost);

    List<long> Arrived()
    {
        var arrived = new List<long>();
        while (_reader.Arrived.TryRead(out var next)) arrived.Add(next.Output.Number);
        return arrived;
    }
}
