using System.Text;
using Bots.Gateway;
using static Bots.Tests.Gateway.Push;

namespace Bots.Tests.Gateway;

public sealed class PushRequestTests
{
    private const string Own = "refs/heads/" + GatewayHost.Branch;
    private static readonly string Sha256 = new('a', 64);

    [Fact]
    public void Commands_capabilities_and_shallow_lines_are_told_apart()
    {
        var push = PushRequest.Parse([.. Head($"shallow {Old}\n", Update("refs/heads/a") + "\n", $"{Old} {Zero} refs/heads/b\n"), .. "PACK…"u8])!;

        push.Commands.ShouldBe([new PushCommand(Old, New, "refs/heads/a"), new PushCommand(Old, Zero, "refs/heads/b")]);
        push.Capabilities.ShouldBe(["report-status", "side-band-64k", "agent=git/2.39.5"], ignoreOrder: true);
        push.Commands.Select(command => command.Deletes).ShouldBe([false, true]);
    }

    [Fact]
    public void Gits_empty_probe_has_no_commands() => PushRequest.Parse("0000"u8)!.Commands.ShouldBeEmpty();

    [Fact]
    public void Long_object_ids_are_read_too() =>
        PushRequest.Parse(Head($"{Sha256} {Sha256} refs/heads/a"))!.Commands.Single().NewId.ShouldBe(Sha256);

    [Fact]
    public void Until_the_flush_came_nothing_is_known()
    {
        var head = Head($"shallow {Old}", Update(Own), $"{Old} {New} refs/heads/b");
        for (var cut = 0; cut < head.Length; cut++) PushRequest.Parse(head.AsSpan(0, cut)).ShouldBeNull();
        PushRequest.Parse(head).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("hello")]
    [InlineData("shallow 1234")]
    [InlineData("unshallow 1111111111111111111111111111111111111111")]
    [InlineData("1111111111111111111111111111111111111111 2222222222222222222222222222222222222222")]
    [InlineData("1111111111111111111111111111111111111111 2222222222222222222222222222222222222222 ")]
    [InlineData("1111111111111111111111111111111111111111  222222222222222222222222222222222222222 refs/heads/a")]
    [InlineData("111111111111111111111111111111111111111 222222222222222222222222222222222222222 refs/heads/a")]
    [InlineData("111111111111111111111111111111111111111x 2222222222222222222222222222222222222222 refs/heads/a")]
    [InlineData("1111111111111111111111111111111111111111\t2222222222222222222222222222222222222222\trefs/heads/a")]
    [InlineData("push-cert\0 report-status")]
    [InlineData("push-cert")]
    public void A_line_that_cannot_be_checked_is_an_error(string line) => Should.Throw<FormatException>(() => PushRequest.Parse(Head(line)));

    [Theory]
    [InlineData("0001")]
    [InlineData("0002")]
    [InlineData("PACK")]
    [InlineData("{}{}")]
    public void What_is_no_push_is_an_error(string input) => Should.Throw<FormatException>(() => PushRequest.Parse(Encoding.ASCII.GetBytes(input)));

    [Theory]
    [InlineData(Own, New, null)]
    [InlineData(Own, Zero, "this session may not delete its branch")]
    [InlineData("refs/heads/main", New, "this session may push to refs/heads/bots/fix-0001 only")]
    [InlineData("refs/heads/main", Zero, "this session may push to refs/heads/bots/fix-0001 only")]
    [InlineData("refs/tags/bots/fix-0001", New, "this session may push to refs/heads/bots/fix-0001 only")]
    [InlineData("bots/fix-0001", New, "this session may push to refs/heads/bots/fix-0001 only")]
    [InlineData(Own + "\n", New, "this session may push to refs/heads/bots/fix-0001 only")]
    [InlineData(Own + " ", New, "this session may push to refs/heads/bots/fix-0001 only")]
    [InlineData(Own + "/x", New, "this session may push to refs/heads/bots/fix-0001 only")]
    [InlineData("refs/heads/BOTS/fix-0001", New, "this session may push to refs/heads/bots/fix-0001 only")]
    public void Only_the_sessions_own_branch_may_change(string name, string newId, string? reason)
    {
        var push = PushRequest.Parse(Head($"{Old} {newId} {name}{Capabilities}"))!;

        PushPolicy.Refusals(push, GatewayHost.Branch).SingleOrDefault()?.Reason.ShouldBe(reason);
        PushPolicy.Refusals(push, GatewayHost.Branch).Count.ShouldBe(reason is null ? 0 : 1);
    }

    [Fact]
    public void A_second_command_is_looked_at_like_the_first()
    {
        var push = PushRequest.Parse(Head(Update(Own), $"{Old} {New} refs/heads/main"))!;

        PushPolicy.Refusals(push, GatewayHost.Branch).Select(refusal => refusal.Reason)
            .ShouldBe(["another ref of this push was refused", "this session may push to refs/heads/bots/fix-0001 only"]);
    }
}
